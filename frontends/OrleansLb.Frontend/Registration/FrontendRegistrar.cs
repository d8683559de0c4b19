using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Reporting;

namespace OrleansLb.Frontend.Registration;

/// <summary>Registers this front-end, says four times a second that it lives, and says goodbye.</summary>
internal sealed partial class FrontendRegistrar(
    FrontendIdentity identity,
    IClusterLink link,
    ClusterContact contact,
    ClusterMetrics metrics,
    IFrontendObserver observer,
    IServedConfiguration served,
    LimitShare share,
    RequestTallies tallies,
    IHostApplicationLifetime lifetime,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock,
    ILogger<FrontendRegistrar> logger) : BackgroundService
{
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromMilliseconds(250);

    private bool _registered;
    private IFrontendObserver? _reference;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (link.Grains is { } grains)
                await Beat(grains);
            contact.Check();
            metrics.Report(contact);
            await Task.Delay(HeartbeatPeriod, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (!_registered || contact.IsLost)
            return;
        if (!share.TryGiveUp())
        {
            LogNoGoodbye(logger);
            return;
        }

        try
        {
            await Grain(link.Grains!).Leave(identity.Incarnation).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            // The cluster notices a second later by itself.
            LogHeartbeatFailed(logger, exception.Message);
        }
    }

    private async Task Beat(IGrainFactory grains)
    {
        try
        {
            // A heartbeat first: once it is answered, registering can say that the cluster is heard.
            if (await SayAlive(grains))
                return;
            await Register(grains);
            await SayAlive(grains);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            LogHeartbeatFailed(logger, exception.Message);
        }
    }

    private async Task<bool> SayAlive(IGrainFactory grains)
    {
        var draining = lifetime.ApplicationStopping.IsCancellationRequested;
        var reply = await Grain(grains).Heartbeat(new FrontendHeartbeat(identity.Incarnation, served.Version, draining)
        {
            Silence = contact.Silence,
            ShareParts = share.Claimed,
            Traffic = tallies.Report(),
        });
        contact.Made();
        share.Told(reply.ShareParts);
        _registered = reply.Known;
        if (reply.Known)
            share.Registered();
        served.Offer(reply.ConfigurationVersion);
        return reply.Known;
    }

    private async Task Register(IGrainFactory grains)
    {
        _reference ??= grains.CreateObjectReference<IFrontendObserver>(observer);
        await Grain(grains).Register(new FrontendRegistration(identity.Id, identity.Incarnation, _reference) { ShareParts = share.Claimed, LimitsOnly = identity.LimitsOnly });
        contact.Made();
    }

    private IFrontendGrain Grain(IGrainFactory grains) => grains.GetGrain<IFrontendGrain>(identity.Id);
}
