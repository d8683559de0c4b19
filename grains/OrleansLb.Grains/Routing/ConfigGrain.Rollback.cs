using System.Runtime.InteropServices;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Events;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Configuration.Rollbacks;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.Routing;

/// <summary>
/// Watches what comes of requests under a new version, and takes it back. What front-ends say is absolute and the trial is stored with the version, so that an
/// activation on another silo judges by the same.
/// </summary>
internal sealed partial class ConfigGrain
{
    /// <summary>What the history and events name as the source of a version that takes another back.</summary>
    private const string Itself = "the cluster, as requests failed";

    private readonly RecentTraffic _recent = new();
    private TrialLook _look;

    /// <summary>The trial of a version that is about to be accepted.</summary>
    private ConfigurationTrial? TrialOf(CompiledConfiguration next, ConfigurationState line, string digest) =>
        next.Snapshot.Rollback is { } rules ? TrialMachine.Begin(line, digest, rules, _recent, _look) : null;

    /// <summary>Other settings are in force.</summary>
    private void WatchAnew()
    {
        _recent.Clear();
        _look = default;
        if (_state.Trial is { } trial)
            LogTried(logger, trial.Version, trial.ReturnTo, trial.Before);
    }

    private async Task Watch(FrontendList frontends)
    {
        FrontendTraffic[] traffic = [.. frontends.TrafficOf()];
        _recent.Observe(traffic, _state.Current?.Version ?? 0, clock.GetElapsedTime(0));
        // The rules are those of the version on trial, which this silo may not have compiled yet.
        if (_state.Trial is not { } trial || configuration.Current.Snapshot is not { Rollback: { } rules } snapshot || snapshot.Version < trial.Version)
            return;
        var last = _look;
        _look = TrialMachine.Look(trial, traffic);
        await Act(trial, TrialMachine.Judge(trial, rules, last, _look), rules);
    }

    private async Task Act(ConfigurationTrial trial, TrialVerdict verdict, RollbackDefinition rules)
    {
        if (verdict == TrialVerdict.Failed && _state.Find(trial.ReturnTo) is { } entry)
            await TakeBack(trial, entry, _look.Count);
        else if (verdict == TrialVerdict.Proven && await Store(ConfigurationMachine.EndTrial(_state)))
            LogProven(logger, trial.Version, _look.Count, rules.Window);
    }

    private async Task TakeBack(ConfigurationTrial trial, ConfigurationVersion entry, RequestCount after)
    {
        if (!await HearEverybody(TimeSpan.Zero) || _state.Trial != trial)
            return;
        var line = ConfigurationMachine.Report(_state, _highestHeard);
        var result = await Compile(entry.Digest, ImmutableCollectionsMarshal.AsArray(entry.Settings)!, line.NextVersion, line.Generations);
        // What this build does not compile any more it cannot bring back.
        if (result.Configuration is not { } compiled)
        {
            Refuse(Itself, result);
            await Store(ConfigurationMachine.EndTrial(_state));
            return;
        }

        if (!await Store(ConfigurationMachine.TakeBack(line, after, compiled.Generations, Itself, clock.GetUtcNow())))
            return;
        WatchAnew();
        metrics.RolledBack();
        LogRolledBack(logger, trial.Version, after, trial.Before, trial.ReturnTo, _state.Version);
        Tell(ClusterEventKind.ConfigurationRolledBack, $"version {trial.Version} was taken back: {after} failed, before it {trial.Before}; version {_state.Version} says what version {trial.ReturnTo} did", Itself);
        await Tell();
    }
}
