using OrleansLb.Core.Affinity;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Sessions;

/// <summary>What this front-end remembers of one pool's learned sessions.</summary>
public sealed class PoolSessions
{
    private readonly SessionMemory[] _ranges;
    private readonly bool[] _used = new bool[SessionKey.RangeCount];
    private HasherOfSecret? _hasher;
    private SessionDefinition _definition;

    internal PoolSessions(string poolId)
    {
        PoolId = poolId;
        _definition = new SessionDefinition();
        _ranges = [.. Enumerable.Range(0, SessionKey.RangeCount).Select(_ => new SessionMemory(_definition.RangeCapacity))];
    }

    /// <summary>The pool.</summary>
    public string PoolId { get; }

    /// <summary>Sessions that are remembered.</summary>
    public int Count => _ranges.Sum(static range => range.Count);

    internal TimeSpan IdleTimeout => _definition.IdleTimeout;

    internal IEnumerable<SessionMemory> Ranges => _ranges;

    internal SessionMemory RangeOf(SessionKey key) => _ranges[key.Range];

    internal SessionMemory Range(int number) => _ranges[number];

    /// <summary>Turns values into keys, with the cluster's secret that is in force.</summary>
    /// <param name="ring">The ring in force.</param>
    public SessionHasher Hasher(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        var known = Volatile.Read(ref _hasher);
        if (known is not null && ReferenceEquals(known.Ring, ring))
            return known.Hasher;
        var hasher = new SessionHasher(ring.SessionSecret.AsSpan(), PoolId);
        Volatile.Write(ref _hasher, new HasherOfSecret(ring, hasher));
        return hasher;
    }

    /// <summary>Follows changed settings.</summary>
    internal void Configure(SessionDefinition definition)
    {
        if (ReferenceEquals(definition, _definition))
            return;
        _definition = definition;
        foreach (var range in _ranges)
            range.Configure(definition.RangeCapacity);
    }

    /// <summary>Notes that something remembered was used without asking its range.</summary>
    internal void UsedWithoutAsking(SessionKey key)
    {
        ref var used = ref _used[key.Range];
        if (!Volatile.Read(ref used))
            Volatile.Write(ref used, true);
    }

    /// <summary>Ranges of which something was used without asking since the last call.</summary>
    internal IEnumerable<int> TakeUsed()
    {
        for (var number = 0; number < _used.Length; number++)
        {
            if (!Volatile.Read(ref _used[number]))
                continue;
            Volatile.Write(ref _used[number], false);
            yield return number;
        }
    }

    private sealed record HasherOfSecret(KeyRing Ring, SessionHasher Hasher);
}
