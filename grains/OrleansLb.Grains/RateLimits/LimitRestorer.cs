using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Grains.Frontends;

namespace OrleansLb.Grains.RateLimits;

/// <summary>
/// Asks the front-ends what they know of a range, and judges whether that is everything: whether every front-end that may have
/// used the range recently enough to matter is among those that answered.
/// </summary>
internal sealed partial class LimitRestorer(
    FrontendDirectoryFollower frontends,
    SiloHistory silos,
    ILogger<LimitRestorer> logger)
{
    // One answer that a busy machine delays would cost everybody the whole bucket; requests wait three seconds for a range anyway.
    private const int MostAttempts = 3;

    /// <summary>
    /// What is known of a range; null when it is worth waiting: the cluster just began, and a front-end that lived through the last
    /// one may still register.
    /// </summary>
    public async Task<RestoreOutcome?> Restore(string policy, int range, long epoch, LimitRule rule)
    {
        try
        {
            var followed = await frontends.Recent();
            var history = await HistoryOf(followed.List, rule);
            if (history == FrontendHistory.Settling)
                return null;
            var answers = await Task.WhenAll(followed.List.Entries.Select(entry => Ask(entry, policy, range, epoch)));
            var isEverybody = history == FrontendHistory.Complete && answers.All(static answer => answer is not null);
            return RestoreOutcome.Of(isEverybody, [.. answers.OfType<LimitRangeReport>().Select(static answer => answer.ToCore())]);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotRestored(logger, policy, range, exception.Message);
            return RestoreOutcome.Unknown;
        }
    }

    // A share that is set aside counts as well: the range then refilled more slowly than its rule says.
    private async Task<FrontendHistory> HistoryOf(FrontendList list, LimitRule rule)
    {
        var horizon = rule.Horizon;
        if (list.Departures.Any(departure => (departure.MayBeAlive && rule.SetsSharesAside) || departure.Ago < horizon))
            return FrontendHistory.Incomplete;
        if (list.HasEverybodyServed && list.KnownFor >= horizon)
            return FrontendHistory.Complete;
        if (!await silos.IsNothingForgotten(horizon, list.KnownFor))
            return FrontendHistory.Incomplete;
        return list.HasEverybodyServed ? FrontendHistory.Complete : FrontendHistory.Settling;
    }

    private async Task<LimitRangeReport?> Ask(FrontendEntry entry, string policy, int range, long epoch)
    {
        for (var attempt = 1; attempt <= MostAttempts; attempt++)
        {
            if (await AskOnce(entry, policy, range, epoch) is { } report)
                return report;
        }

        return null;
    }

    private async Task<LimitRangeReport?> AskOnce(FrontendEntry entry, string policy, int range, long epoch)
    {
        try
        {
            return await entry.Observer.ReportRange(policy, range, epoch);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogNotAnswered(logger, entry.FrontendId, policy, range, exception.Message);
            return null;
        }
    }
}
