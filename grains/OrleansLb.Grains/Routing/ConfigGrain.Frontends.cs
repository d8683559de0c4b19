using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Grains.Routing;

/// <summary>What the grain tells front-ends and silos, and what it learns from the versions that they serve.</summary>
internal sealed partial class ConfigGrain
{
    /// <summary>By then the directory has heard from every front-end that lives.</summary>
    private static readonly TimeSpan LongestHearing = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan HearingPeriod = TimeSpan.FromMilliseconds(250);

    private async Task Check(CancellationToken cancellationToken)
    {
        var frontends = await Hear();
        if (_state.Version == 0)
            return;
        await Watch(frontends);
        if (_highestHeard > _state.Version)
            await TryRenumber();
        // Who only uses limits is given no keys, and may be an application that nobody updates for long.
        else if (frontends.Settled && frontends.Carriers.All(entry => entry.ConfigurationVersion >= _state.Version))
            await KeepKeys();
    }

    /// <summary>A new key is distributed long before it seals: a front-end that is cut off for less than a rotation can open what the others seal.</summary>
    private async Task KeepKeys()
    {
        await AcknowledgeKeys();
        // The period is that of the version in force, which this silo may not have compiled yet.
        if (_state.Version > 0 && _state.KeysSince == default)
        {
            // Stored by a build that knew no rotation: counted from now.
            await Store(_state with { KeysSince = clock.GetUtcNow() });
            return;
        }

        var snapshot = configuration.Current.Snapshot;
        if (snapshot.Version != _state.Version || !ConfigurationMachine.IsRotationDue(_state, snapshot.KeyRotation, clock.GetUtcNow()))
            return;
        if (!await HearEverybody(TimeSpan.Zero))
            return;
        var next = ConfigurationMachine.ReplaceKeys(_state, NewKeyRing.Rotate(_state.Keys), clock.GetUtcNow());
        if (ReferenceEquals(next, _state) || !await Store(next))
            return;
        LogKeysRotated(logger, _state.Version, _state.Keys.Keys[0].Id);
        await Tell();
    }

    private async Task<FrontendList> Hear()
    {
        try
        {
            var frontends = await Directory.List();
            foreach (var entry in frontends.Entries)
                _highestHeard = Math.Max(_highestHeard, entry.ConfigurationVersion);
            return frontends;
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            return new FrontendList([], Settled: false);
        }
    }

    /// <summary>What silos give back comes first: the higher number may be theirs, and then nothing needs another one.</summary>
    private async Task TryRenumber()
    {
        if (!await HearEverybody(TimeSpan.Zero) || _highestHeard <= _state.Version)
            return;
        var reported = ConfigurationMachine.Report(_state, _highestHeard);
        var result = await Compile(reported.Digest, _document!.Settings, reported.NextVersion, GenerationLedger.Empty);
        if (result.Configuration is null || !await Store(ConfigurationMachine.Renumber(reported, result.Configuration.Generations)))
            return;
        LogRenumbered(logger, _highestHeard, _state.Version);
        await Tell();
    }

    private async Task AcknowledgeKeys()
    {
        if (ReferenceEquals(WithAcknowledgedKeys(), _state) || !await HearEverybody(TimeSpan.Zero))
            return;
        var next = WithAcknowledgedKeys();
        if (!ReferenceEquals(next, _state) && await Store(next))
            await Tell();
    }

    private ConfigurationState WithAcknowledgedKeys()
    {
        var known = _state.Keys.Keys.Select(static key => key.Id).ToArray();
        return ConfigurationMachine.ReplaceKeys(_state, KeyRingMachine.Acknowledge(_state.Keys, known), clock.GetUtcNow());
    }

    /// <summary>Sends the new number to everybody; whom it does not reach asks within a second.</summary>
    private async Task Tell()
    {
        var version = _state.Version;
        var frontends = await Hear();
        foreach (var entry in frontends.Entries)
            Unobserved(entry.Observer.ConfigurationChanged(version));
        Unobserved(_followers.Notify(follower => follower.ConfigurationChanged(version)));
    }

    private void Unobserved(Task push) => push.ContinueWith(
        task => LogPushFailed(logger, task.Exception!.GetBaseException().Message),
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);
}
