using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Configuration;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// Holds connections to backends ready where the cluster's configuration wants it, so that requests after a start, a deployment or a quiet time do not wait for one to be made. One at a time is made to each backend, and only to those
/// that take new traffic because they are held to be able to.
/// </summary>
internal sealed class PreConnector(IConfigurationView configuration, PoolTable table, ConnectionPools pools, BackendDialer dialer, ForwardingMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock)
    : BackgroundService
{
    /// <summary>Between two looks, if nothing changes; and before a backend is dialled again that could not be reached.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ConcurrentDictionary<ConnectionPool, bool> _dialled = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        table.Changed += PoolsChanged;
        table.HealthChanged += HealthChanged;
        try
        {
            await using var timer = clock.CreateTimer(static connector => ((PreConnector)connector!).Wake(), this, TimeSpan.Zero, Period);
            await foreach (var _ in _looks.Reader.ReadAllAsync(stoppingToken))
                Look(stoppingToken);
        }
        finally
        {
            table.Changed -= PoolsChanged;
            table.HealthChanged -= HealthChanged;
        }
    }

    private static bool IsServing(in BackendStatus status) => status.TakesNew && status.State is BackendState.Unknown or BackendState.Up or BackendState.Degraded;

    private void PoolsChanged(FrozenDictionary<string, FrontendPool> changed) => Wake();

    private void HealthChanged(FrontendPool changed) => Wake();

    private void Wake() => _looks.Writer.TryWrite(true);

    private void Look(CancellationToken stopping)
    {
        foreach (var cluster in configuration.Current.Clusters)
        {
            if (PreConnect.Of(cluster.Metadata) is > 0 and var wanted && table.Current.TryGetValue(cluster.ClusterId, out var pool))
                LookAt(cluster, pool, wanted, stopping);
        }
    }

    private void LookAt(ClusterConfig cluster, FrontendPool pool, int wanted, CancellationToken stopping)
    {
        foreach (var (id, destination) in cluster.Destinations ?? FrozenDictionary<string, DestinationConfig>.Empty)
        {
            if (!pool.IndexById.TryGetValue(id, out var index) || pools.Target(destination.Address) is not { IsUsable: true } target)
                continue;
            var most = cluster.HttpClient?.MaxConnectionsPerServer;
            var connections = target.Pool(pools, most);
            connections.Ready = IsServing(pool.Health.Statuses[index]) ? wanted : 0;
            if (connections.Idle < connections.Ready && !(connections.Open >= most) && _dialled.TryAdd(connections, true))
                _ = Dial(target, connections, stopping);
        }
    }

    private async Task Dial(BackendTarget target, ConnectionPool connections, CancellationToken stopping)
    {
        var succeeded = await TryDial(target, connections, stopping);
        metrics.PreConnected(succeeded);
        if (!succeeded)
            await Task.Delay(Period, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _dialled.TryRemove(connections, out _);
        // Whether another one is wanted depends on how things are now.
        Wake();
    }

    private async Task<bool> TryDial(BackendTarget target, ConnectionPool connections, CancellationToken stopping)
    {
        if (!connections.TryEnter())
            return false;
        try
        {
            return connections.Keep(await dialer.Dial(target, connections, stopping));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The dialer has counted why. Nothing is held against the backend: no request was harmed.
            return false;
        }
        finally
        {
            connections.Leave();
        }
    }
}
