using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Balancing.Rebalancing;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Http.WebSockets;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.Rebalancing;

/// <summary>
/// Moves WebSockets of pools that want it: the oldest of a backend that has more than its share are told to come back, by a Close frame between two messages, and the pool's policy sends their clients
/// where there is room. What others have it knows from the exchange of load; without it nothing is moved.
/// </summary>
internal sealed class ConnectionRebalancer(PoolTable pools, OpenWebSockets open, RebalanceMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    // Who was told and does not go keeps both ends waiting for nothing.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, ConnectionMoves> _moves = new(StringComparer.Ordinal);
    private TimeSpan _lookedAt = clock.GetElapsedTime(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
                Look(clock.GetElapsedTime(0));
        }
    }

    private void Look(TimeSpan now)
    {
        var passed = now - _lookedAt;
        _lookedAt = now;
        FrontendPool[] moving = [.. pools.Current.Values.Where(static pool => pool.Definition.Rebalance is not null)];
        foreach (var gone in _moves.Keys.Except(moving.Select(static pool => pool.Definition.Id), StringComparer.Ordinal).ToArray())
            _moves.Remove(gone);
        if (moving.Length == 0)
            return;

        var sockets = open.All;
        foreach (var stayed in sockets.Where(socket => now - socket.ToldAt >= LastWords))
            stayed.Abort();
        var byBackend = sockets.ToLookup(static socket => (socket.Pool, socket.Backend));
        foreach (var pool in moving)
        {
            // Until the exchange has followed the newest configuration, the view belongs to other slots.
            if (pool.Load.View is { HasSnapshot: true } view && view.Keys == pool.Keys)
                Move(pool, pool.Definition.Rebalance!, view, byBackend, passed, now);
        }
    }

    private void Move(FrontendPool pool, RebalanceDefinition settings, ForeignLoad foreign, ILookup<(string? Pool, string? Backend), OpenWebSocket> sockets, TimeSpan passed, TimeSpan now)
    {
        var (id, backends, health) = (pool.Definition.Id, pool.Definition.Backends, pool.Health);
        var movable = new OpenWebSocket[backends.Length][];
        var connections = new BackendConnections[backends.Length];
        for (var i = 0; i < backends.Length; i++)
        {
            var here = sockets[(id, backends[i].Id)];
            movable[i] = [.. here.Where(socket => socket.ToldAt is null && now - socket.Since >= settings.MinAge).OrderBy(static socket => socket.Since)];
            // Those that were told are as good as gone.
            var own = pool.Slots[i].Connections - here.Count(static socket => socket.ToldAt is not null);
            connections[i] = new BackendConnections(movable[i].Length, own, own + foreign.Connections[i], health.TakesNew(i) ? BackendWeight.Of(pool, health, i, now) : 0);
        }

        if (!_moves.TryGetValue(id, out var moves))
            _moves[id] = moves = new ConnectionMoves();
        var ends = moves.Next(connections, settings, passed);
        for (var i = 0; i < ends.Length; i++)
        {
            foreach (var socket in movable[i].AsSpan(0, ends[i]))
            {
                metrics.Ended(id, backends[i].Id);
                open.Tell(socket);
            }
        }
    }
}
