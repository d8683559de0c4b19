using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;

namespace OrleansLb.Grains.Health;

/// <summary>Asks every live front-end, each for a short while only: who does not answer has nothing to say.</summary>
internal sealed class FrontendWitnesses(IGrainFactory grains, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    // A verdict on a killed backend waits for this at most, and has half a second in all.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // A pool that begins forgets what it is not told, and front-ends go on without it meanwhile.
    private static readonly TimeSpan PatienceOfABeginning = TimeSpan.FromSeconds(1);

    /// <summary>The age of the newest answer that any front-end had; <see langword="null"/> for none.</summary>
    /// <param name="query">Which backend.</param>
    public async Task<TimeSpan?> LastAnswer(AnswerQuery query)
    {
        var ages = await Ask(observer => observer.LastAnswer(query));
        return ages.Min();
    }

    /// <summary>The newest table that any front-end was told.</summary>
    /// <param name="poolId">The pool.</param>
    public async Task<RememberedEligibility> Remembered(string poolId)
    {
        var list = await Try<FrontendList>(async () => await Directory.List(), PatienceOfABeginning);
        if (list is null)
            return RememberedEligibility.Nothing;
        var answers = await Task.WhenAll(list.Entries.Select(entry =>
            Try(async () => new Answer<EligibilityTable>(await entry.Observer.LastEligibility(poolId)), PatienceOfABeginning)));
        return new RememberedEligibility(
            answers.Select(static answer => answer?.Value).MaxBy(static table => table?.Version ?? long.MinValue),
            list.Settled && answers.All(static answer => answer is not null));
    }

    private IFrontendDirectoryGrain Directory => grains.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);

    private async Task<T?[]> Ask<T>(Func<IFrontendObserver, Task<T?>> question)
    {
        var list = await Try<FrontendList>(async () => await Directory.List(), Patience);
        return list is null ? [] : await Task.WhenAll(list.Entries.Select(entry => Try(() => question(entry.Observer), Patience)));
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
