using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Tiers;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Makes plans: sorts destinations into tiers by priority and zone, and divides the traffic among those that have somebody.</summary>
internal sealed class PickPlanner(IOptions<FrontendOptions> options)
{
    // While a backend warms up its weight is taken anew this often in a ramp, and no more often than a human could tell.
    private const int StepsOfARamp = 100;
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(100);

    // As many lists as verdicts and routes make of a pool, of which the old ones are forgotten together.
    private const int MostTurns = 4096;

    private readonly ConcurrentDictionary<(string PoolId, UInt128 Destinations), PickTurn> _turns = new();

    public PickPlan Plan(FrozenDictionary<string, FrontendPool> table, string poolId, IReadOnlyList<DestinationState> destinations, TimeSpan now)
    {
        var pool = table.GetValueOrDefault(poolId);
        var health = pool?.Health;
        var groups = pool is not null && IsTiered(pool.Definition)
            ? Divide(pool, health!, destinations, now)
            : [new PickGroup(new PickCandidates(pool, health, destinations, now), 1)];
        return new PickPlan(table, pool, health, TurnOf(poolId, destinations), groups, StaleAt(pool, health, now));
    }

    /// <summary>
    /// Each list has turns of its own: two routes that want different parts of a pool and are asked in turn would otherwise always meet the same of
    /// their backends.
    /// </summary>
    private PickTurn TurnOf(string poolId, IReadOnlyList<DestinationState> destinations)
    {
        if (_turns.Count >= MostTurns)
            _turns.Clear();
        var hash = new XxHash128();
        foreach (var destination in destinations)
        {
            hash.Append(MemoryMarshal.AsBytes(destination.DestinationId.AsSpan()));
            hash.Append("\0\0"u8);
        }

        return _turns.GetOrAdd((poolId, hash.GetCurrentHashAsUInt128()), key => PickTurn.Of(options.Value.Id, key.PoolId));
    }

    private static bool IsTiered(PoolDefinition pool) =>
        pool.Backends.Any(static backend => backend.Priority != 0) || (pool.Balancing.ZonePreference != ZonePreference.None && !pool.Backends.IsEmpty);

    private PickGroup[] Divide(FrontendPool pool, PoolHealthView health, IReadOnlyList<DestinationState> destinations, TimeSpan now)
    {
        var backends = pool.Definition.Backends;
        var tiers = Enumerable.Range(0, backends.Length).GroupBy(index => TierOf(pool.Definition, backends[index])).OrderBy(static tier => tier.Key).ToArray();
        var members = tiers.Select(tier => Members(pool, tier, destinations)).ToArray();
        var overprovisioning = pool.Definition.Balancing.OverprovisioningPercent / 100.0;
        double[] healths = [.. tiers.Select((tier, i) => members[i].Length == 0 ? 0 : HealthOf(pool, health, tier, now))];
        // Where the other tiers make up for what is out in one, its backends are not needed in a panic, as in Envoy.
        if (healths.Sum(share => Math.Min(1, share * overprovisioning)) >= 1)
            members = [.. members.Select(some => some.Where(destination => !health.Statuses[pool.IndexById[destination.DestinationId]].ByPanic).ToArray())];
        var shares = new double[tiers.Length];
        TierLoad.Divide(healths, overprovisioning, shares);

        // Whoever is let in although nothing counts on it (a panic, a tier that has just come back alone) is better than nobody.
        if (shares.All(static share => share <= 0))
            shares[Math.Max(0, Array.FindIndex(members, static some => some.Length > 0))] = 1;
        return Groups(pool, health, destinations, members, shares, now);
    }

    private static PickGroup[] Groups(
        FrontendPool pool,
        PoolHealthView health,
        IReadOnlyList<DestinationState> destinations,
        DestinationState[][] members,
        double[] shares,
        TimeSpan now)
    {
        var groups = new List<PickGroup>(members.Length);
        var until = 0.0;
        for (var i = 0; i < members.Length; i++)
        {
            if (shares[i] <= 0 || members[i].Length == 0)
                continue;
            until += shares[i];
            groups.Add(new PickGroup(new PickCandidates(pool, health, members[i], now), until));
        }

        return groups.Count > 0 ? [.. groups] : [new PickGroup(new PickCandidates(pool, health, destinations, now), 1)];
    }

    private (int Priority, int Distance) TierOf(PoolDefinition pool, BackendDefinition backend)
    {
        var isElsewhere = pool.Balancing.ZonePreference == ZonePreference.Prefer && !string.Equals(backend.Zone, options.Value.Zone, StringComparison.OrdinalIgnoreCase);
        return (backend.Priority, isElsewhere ? 1 : 0);
    }

    private static DestinationState[] Members(FrontendPool pool, IEnumerable<int> tier, IReadOnlyList<DestinationState> destinations)
    {
        var indexes = tier.ToHashSet();
        return [.. destinations.Where(destination => pool.IndexById.TryGetValue(destination.DestinationId, out var index) && indexes.Contains(index))];
    }

    /// <summary>
    /// The share of a tier, by weight, that takes new traffic and has done so for long enough to be counted on. What takes some only because there is a
    /// panic is not.
    /// </summary>
    private static double HealthOf(FrontendPool pool, PoolHealthView health, IEnumerable<int> tier, TimeSpan now)
    {
        var (eligible, all) = (0.0, 0.0);
        foreach (var index in tier)
        {
            var weight = pool.Definition.Backends[index].Weight;
            all += weight;
            if (health.TakesNew(index) && !health.Statuses[index].ByPanic && !(now - health.EligibleSince(index) < pool.Definition.Balancing.FailBackAfter))
                eligible += weight;
        }

        return all > 0 ? eligible / all : 0;
    }

    private static TimeSpan StaleAt(FrontendPool? pool, PoolHealthView? health, TimeSpan now)
    {
        var staleAt = TimeSpan.MaxValue;
        for (var i = 0; i < pool?.Slots.Length; i++)
        {
            if (health!.EligibleSince(i) is not { } since)
                continue;
            if (pool.Definition.Balancing.SlowStart?.Window is { } window && now - since < window)
                staleAt = Earlier(staleAt, now + Longer(window / StepsOfARamp, ShortestStep));
            if (since + pool.Definition.Balancing.FailBackAfter is var countedOn && countedOn > now)
                staleAt = Earlier(staleAt, countedOn);
        }

        return staleAt;
    }

    private static TimeSpan Earlier(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
