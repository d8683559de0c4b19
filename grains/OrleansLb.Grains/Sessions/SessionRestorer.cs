using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Grains.Frontends;

namespace OrleansLb.Grains.Sessions;

/// <summary>Asks every registered front-end what it remembers of a range, until each has answered or is gone.</summary>
internal sealed partial class SessionRestorer(
    FrontendDirectoryFollower frontends,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<SessionRestorer> logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>What is known of a range.</summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="range">Number of the range.</param>
    /// <param name="atLeast">Number that the activation's epoch is above.</param>
    /// <param name="stopping">Ends the asking.</param>
    public async Task<SessionCensus> TakeCensus(string poolId, int range, long atLeast, CancellationToken stopping)
    {
        var epoch = Math.Max(SessionEpochs.At(clock.GetUtcNow()), atLeast + 1);
        var answers = new Dictionary<(string Id, long Incarnation), SessionRecall>();
        while (true)
        {
            stopping.ThrowIfCancellationRequested();
            if (await Registered() is { } entries)
            {
                await Ask(entries, answers, poolId, range, epoch);
                var recalls = entries.Select(entry => answers.GetValueOrDefault((entry.FrontendId, entry.Incarnation))).ToArray();
                var newest = recalls.Max(static recall => recall?.NewestEpoch) ?? 0;
                if (newest >= epoch)
                {
                    // Clocks differ. What front-ends accept from now on has to be above what any of them was told.
                    epoch = newest + 1;
                    answers.Clear();
                    continue;
                }

                if (recalls.All(static recall => recall is not null))
                    return new SessionCensus(epoch, recalls!);
            }

            await Task.Delay(Pause, clock, stopping);
        }
    }

    /// <summary>The registered front-ends that carry traffic; <see langword="null"/> while the directory may not have heard of all.</summary>
    private async Task<ImmutableArray<FrontendEntry>?> Registered()
    {
        try
        {
            return await frontends.Recent() is { List: { HasEverybodyServed: true } list } ? [.. list.Carriers] : null;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogDirectoryNotReached(logger, exception.Message);
            return null;
        }
    }

    private async Task Ask(
        ImmutableArray<FrontendEntry> entries,
        Dictionary<(string Id, long Incarnation), SessionRecall> answers,
        string poolId,
        int range,
        long epoch)
    {
        var open = entries.Where(entry => !answers.ContainsKey((entry.FrontendId, entry.Incarnation))).ToArray();
        var recalls = await Task.WhenAll(open.Select(entry => AskOne(entry, poolId, range, epoch)));
        foreach (var (entry, recall) in open.Zip(recalls))
        {
            if (recall is not null)
                answers[(entry.FrontendId, entry.Incarnation)] = recall;
        }
    }

    private async Task<SessionRecall?> AskOne(FrontendEntry entry, string poolId, int range, long epoch)
    {
        try
        {
            return (await entry.Observer.ReportSessions(poolId, range, epoch)).ToCore();
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotAnswered(logger, entry.FrontendId, poolId, range, exception.Message);
            return null;
        }
    }
}
