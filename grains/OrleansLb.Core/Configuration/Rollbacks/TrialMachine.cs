using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>
/// Decides whether a new version makes requests fail. It is condemned by a share of failed requests that is above the one before by more than is allowed and by more
/// than chance explains, in two looks one after the other and in what came between them: a moment's failures while front-ends change over condemn nobody.
/// </summary>
public static class TrialMachine
{
    /// <summary>Standard deviations by which two shares differ that are not the same: more than four come by chance in one of 30,000 comparisons.</summary>
    private const double BeyondChance = 4;

    /// <summary>The trial of the version that comes next, before it is in force.</summary>
    /// <param name="state">The line of versions.</param>
    /// <param name="digest">Digest of its settings.</param>
    /// <param name="rules">What holds for it.</param>
    /// <param name="recent">How requests go now.</param>
    /// <param name="look">What is known of the version in force, if that is on trial itself.</param>
    /// <returns>
    /// <see langword="null"/> when it is not judged: there is nothing to return to or to compare with, or it is itself the return to what had proven itself.
    /// </returns>
    public static ConfigurationTrial? Begin(ConfigurationState state, string digest, RollbackDefinition rules, RecentTraffic recent, TrialLook look)
    {
        if (state.Current is not { } current)
            return null;
        // A version that was replaced before anything was known of it is not what a worse one returns to.
        var trial = state.Trial is { } open && !HasDoneWell(open, rules, look.Count)
            ? open with { Version = state.NextVersion }
            : recent.Worse(rules.MinRequests) is { } before ? new ConfigurationTrial(state.NextVersion, current.Version, before) : null;
        return trial is not null && state.Find(trial.ReturnTo) is { } entry && entry.Digest != digest ? trial : null;
    }

    /// <summary>Sums what front-ends said.</summary>
    /// <param name="trial">The version.</param>
    /// <param name="traffic">What they said last.</param>
    public static TrialLook Look(ConfigurationTrial trial, IEnumerable<FrontendTraffic> traffic)
    {
        var look = default(TrialLook);
        foreach (var one in traffic)
        {
            if (one.Version >= trial.Version)
                look = new TrialLook(look.Count + one.Count, one.ServedFor > look.ServedFor ? one.ServedFor : look.ServedFor);
        }

        return look;
    }

    /// <summary>Judges a version.</summary>
    /// <param name="trial">The version.</param>
    /// <param name="rules">What holds for it.</param>
    /// <param name="last">The look before; the default where there was none.</param>
    /// <param name="now">This look.</param>
    public static TrialVerdict Judge(ConfigurationTrial trial, RollbackDefinition rules, TrialLook last, TrialLook now)
    {
        // Also of what nobody could look at in time: it is no news any more that its requests fail.
        if (now.ServedFor >= rules.Window)
            return TrialVerdict.Proven;
        var fresh = now.Count - last.Count;
        var isStillFailing = fresh.Requests > 0 && fresh.Share - trial.Before.Share > rules.MaxRise;
        return isStillFailing && IsBad(trial, rules, last.Count) && IsBad(trial, rules, now.Count) ? TrialVerdict.Failed : TrialVerdict.Open;
    }

    private static bool HasDoneWell(ConfigurationTrial trial, RollbackDefinition rules, RequestCount count) =>
        count.Requests >= rules.MinRequests && !IsBad(trial, rules, count);

    private static bool IsBad(ConfigurationTrial trial, RollbackDefinition rules, RequestCount count)
    {
        var rise = count.Share - trial.Before.Share;
        return count.Requests >= rules.MinRequests && rise > rules.MaxRise && rise > BeyondChance * Deviation(trial.Before, count);
    }

    /// <summary>Standard deviation of the difference of two shares if there is none, from both counts together (the two-proportion z-test).</summary>
    private static double Deviation(RequestCount before, RequestCount after)
    {
        var share = (before + after).Share;
        return Math.Sqrt(share * (1 - share) * ((1.0 / before.Requests) + (1.0 / after.Requests)));
    }
}
