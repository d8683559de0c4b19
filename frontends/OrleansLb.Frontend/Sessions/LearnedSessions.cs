using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Frontend.Sessions;

/// <summary>What this front-end remembers of learned sessions, by pool.</summary>
/// <param name="clock">The product's clock.</param>
public sealed class LearnedSessions([FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    // A pool that leaves the configuration keeps its entry: ranges may ask for it.
    private readonly ConcurrentDictionary<string, PoolSessions> _pools = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The sessions of a pool.</summary>
    /// <param name="poolId">The pool.</param>
    public PoolSessions Of(string poolId) => _pools.GetOrAdd(poolId, static id => new PoolSessions(id));

    /// <summary>Every pool with sessions.</summary>
    internal IEnumerable<PoolSessions> Pools => _pools.Select(static pair => pair.Value);

    /// <summary>Tells a new activation of a range what this front-end knows of it.</summary>
    internal SessionReport Report(string poolId, int range, long epoch) => IsRange(range)
        ? Of(poolId).Range(range).Recall(epoch, clock.GetElapsedTime(0)).ToWire()
        : new SessionReport(0, []);

    /// <summary>Takes a push.</summary>
    internal void Take(SessionChange change)
    {
        if (IsRange(change.Range))
            Of(change.PoolId).Range(change.Range).Take(change.ToCore());
    }

    private static bool IsRange(int number) => number is >= 0 and < SessionKey.RangeCount;
}
