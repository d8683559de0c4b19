using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Grains.Frontends;

namespace OrleansLb.Grains.Health;

/// <summary>Asks every live front-end, each for a short while only: who does not answer has nothing to say.</summary>
internal sealed class FrontendWitnesses(
    IGrainFactory grains,
    FrontendDirectoryFollower directory,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    // A verdict on a killed backend waits for this at most, and has half a second in all.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // A pool that begins forgets what it is not told, and front-ends go on without it meanwhile.
    private static readonly TimeSpan PatienceOfABeginning = TimeSpan.FromSeconds(1);

    /// <summary>The age of the newest answer that any front-end had; <see langword="null"/> for none.</summary>
    /// <param name="query">Which backend.</param>
    public async Task<TimeSpan?> LastAnswer(AnswerQuery query)
    {
        // Those that this silo knows of will do: one that came a moment ago has no answers yet.
        var ages = await Task.WhenAll(directory.LiveCarriers.Select(entry => Try(() => entry.Observer.LastAnswer(query), Patience)));
        return ages.Min();
    }

    /// <summary>The newest table that any front-end was told.</summary>
    /// <param name="poolId">The pool.</param>
    public async Task<RememberedEligibility> Remembered(string poolId)
    {
        var list = await Try<FrontendList>(
            async () => await grains.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List(),
            PatienceOfABeginning);
        // The silo that died may have had the directory too, whose new list is not complete at first.
        var known = (list?.Carriers ?? []).Concat(directory.LiveCarriers).DistinctBy(static entry => entry.FrontendId).ToArray();
        var answers = await Task.WhenAll(known.Select(entry =>
            Try(async () => new Answer<EligibilityTable>(await entry.Observer.LastEligibility(poolId)), PatienceOfABeginning)));
        return new RememberedEligibility(
            answers.Select(static answer => answer?.Value).MaxBy(static table => table?.Version ?? long.MinValue),
            AllAnswered: answers.All(static answer => answer is not null),
            // A copy is a quarter of a second old: where it has nobody at all, all of them may have come since.
            AllAsked: list is { Settled: true } || (directory.WasSettled && known.Length > 0));
    }

    private async Task<T?> Try<T>(Func<Task<T?>> call, TimeSpan patience)
    {
        try
        {
            return await call().WaitAsync(patience, clock);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            return default;
        }
    }

    /// <summary>That there was an answer, which may be that there is nothing to tell.</summary>
    private sealed record Answer<T>(T? Value);
}
