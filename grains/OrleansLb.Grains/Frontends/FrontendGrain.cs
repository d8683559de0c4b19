using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Events;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Grains.Events;
using OrleansLb.Grains.Routing;

namespace OrleansLb.Grains.Frontends;

/// <summary>Fences incarnations of one front-end and tells the directory whether it lives.</summary>
[GrainType("frontend")]
internal sealed partial class FrontendGrain(
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    IConfigurationVersion configuration,
    FrontendDirectoryFollower frontends,
    EventPublisher events,
    ILogger<FrontendGrain> logger) : Grain, IFrontendGrain
{
    /// <summary>A front-end that has been silent for longer is gone: four heartbeats.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FarewellPeriod = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(1);

    private FrontendEntry? _entry;
    private long _lastHeard;
    private TimeSpan _silence;
    private FrontendShare _share;
    private IGrainTimer? _watch;

    public async ValueTask<bool> Register(FrontendRegistration registration)
    {
        if (_entry is { } known && known.Incarnation > registration.Incarnation)
        {
            LogStaleIncarnation(logger, registration.FrontendId, registration.Incarnation, known.Incarnation);
            return false;
        }

        _entry = new FrontendEntry(registration.FrontendId, registration.Incarnation, registration.Observer, 0, Draining: false) { LimitsOnly = registration.LimitsOnly };
        _lastHeard = clock.GetTimestamp();
        // It registers because a grain has just answered it.
        _silence = TimeSpan.Zero;
        _share.ReliedOn(registration.ShareParts);
        _watch ??= this.RegisterGrainTimer(Watch, new GrainTimerCreationOptions(CheckPeriod, CheckPeriod) { Interleave = true });
        await Directory.Announce(Current(_entry));
        LogRegistered(logger, registration.FrontendId, registration.Incarnation);
        Tell(ClusterEventKind.FrontendRegistered, $"incarnation {registration.Incarnation} registered");
        return true;
    }

    public ValueTask<FrontendHeartbeatReply> Heartbeat(FrontendHeartbeat heartbeat)
    {
        var known = _entry is { } entry && entry.Incarnation == heartbeat.Incarnation;
        if (known)
        {
            _lastHeard = clock.GetTimestamp();
            _silence = heartbeat.Silence;
            _share.ReliedOn(heartbeat.ShareParts);
            _entry = _entry! with { ConfigurationVersion = heartbeat.ConfigurationVersion, Draining = heartbeat.Draining, Traffic = heartbeat.Traffic };
        }

        return new(new FrontendHeartbeatReply(known, configuration.Current) { ShareParts = _share.Tell(frontends.ShareParts) });
    }

    public async ValueTask Leave(long incarnation)
    {
        if (_entry is null || _entry.Incarnation != incarnation)
            return;

        await Forget(saidGoodbye: true);
        await IsKnownEverywhere();
        LogLeft(logger, this.GetPrimaryKeyString(), incarnation);
        Tell(ClusterEventKind.FrontendGone, $"incarnation {incarnation} said goodbye");
    }

    // A directory that goes on from another silo's copy must not take it for one that fell silent, and set its share of limits aside.
    private async Task IsKnownEverywhere()
    {
        var since = clock.GetTimestamp();
        while (!(await Directory.List()).IsKnownEverywhere && clock.GetElapsedTime(since) < LongestFarewell)
            await Task.Delay(FarewellPeriod, clock);
    }

    private void Tell(ClusterEventKind kind, string detail) =>
        events.Publish(new ClusterEvent { Kind = kind, FrontendId = this.GetPrimaryKeyString(), Detail = detail });

    private IFrontendDirectoryGrain Directory => GrainFactory.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);

    private async Task Watch(CancellationToken cancellationToken)
    {
        if (_entry is null)
            return;

        if (clock.GetElapsedTime(_lastHeard) <= Lifetime)
        {
            // Repeated, because a directory that lost its silo starts empty.
            await Directory.Announce(Current(_entry));
            return;
        }

        LogGone(logger, this.GetPrimaryKeyString(), _entry.Incarnation);
        Tell(ClusterEventKind.FrontendGone, $"incarnation {_entry.Incarnation} has been silent for over a second");
        await Forget(saidGoodbye: false);
    }

    // The front-end had heard a grain this long before its last heartbeat arrived, or later.
    private FrontendEntry Current(FrontendEntry entry) => entry with
    {
        SinceProven = clock.GetElapsedTime(_lastHeard) + _silence,
        ShareParts = _share.Smallest,
    };

    private async ValueTask Forget(bool saidGoodbye)
    {
        var gone = _entry!;
        _entry = null;
        _watch?.Dispose();
        _watch = null;
        await Directory.Announce(Current(gone));
        await Directory.Remove(gone.FrontendId, gone.Incarnation, saidGoodbye);
    }
}
