using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.LimitBench.Keys;

/// <summary>All ranges of one policy in this process, asked as one front-end asks them.</summary>
internal sealed class KeyMeasurement
{
    // A front-end gathers what comes while a question is out.
    private const int Batch = 16;

    // Front-ends are asked about it in between; the machine counts a range's requests.
    private const int LimitedEvery = 100;

    private static readonly RateLimitKey Limited = RateLimitKey.Of("limited");

    private readonly RateLimitPolicyDefinition _policy;
    private readonly int _keys;
    private readonly RateLimitRange[] _ranges;
    private readonly List<AcquireEntry>[] _batches;
    private readonly long[] _seqs = new long[RateLimitKey.RangeCount];
    private readonly TimeSpan _now = TimeSpan.FromMinutes(1);

    public KeyMeasurement(RateLimitPolicyDefinition policy, int keys)
    {
        (_policy, _keys) = (policy, keys);
        var rule = LimitRule.Of(policy);
        _ranges = [.. Enumerable.Range(0, RateLimitKey.RangeCount).Select(_ => new RateLimitRange(rule, epoch: 1, policy.RangeCapacity, RestoreOutcome.NeverUsed, _now))];
        _batches = [.. _ranges.Select(static _ => new List<AcquireEntry>(Batch))];
    }

    public KeyCost Run()
    {
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var known = Time("key", seed: 1);
        var full = GC.GetTotalMemory(forceFullCollection: true) - empty;
        var again = Time("key", seed: 2);
        while (AskLimited())
            continue;
        var wentFree = false;
        var flood = Time("invented", seed: 3, () => wentFree |= AskLimited());
        var flooded = GC.GetTotalMemory(forceFullCollection: true) - empty;
        GC.KeepAlive(_ranges);
        return new KeyCost(
            (double)full / _keys, known, again, flood, (double)flooded / full, _ranges.Sum(static range => range.KeyCount), _policy.RangeCapacity * RateLimitKey.RangeCount, wentFree);
    }

    /// <summary>Asks once about each of so many keys in the order of a seed.</summary>
    /// <returns>The time of one in nanoseconds, without that of making it up.</returns>
    private double Time(string name, int seed, Action? inBetween = null)
    {
        var keys = Enumerable.Range(0, _keys).Select(number => RateLimitKey.Of($"{name} {number}")).ToArray();
        new Random(seed).Shuffle(keys);
        var (asked, passed) = (0, 0L);
        foreach (var key in keys)
        {
            var batch = _batches[key.Range];
            batch.Add(new AcquireEntry(key, Cost: 1));
            if (batch.Count < Batch)
                continue;
            var began = TimeProvider.System.GetTimestamp();
            Ask(key.Range, [.. batch]);
            passed += TimeProvider.System.GetTimestamp() - began;
            asked += Batch;
            batch.Clear();
            if (asked / Batch % LimitedEvery == 0)
                inBetween?.Invoke();
        }

        for (var range = 0; range < _ranges.Length; range++)
        {
            Ask(range, [.. _batches[range]]);
            _batches[range].Clear();
        }

        return TimeProvider.System.GetElapsedTime(0, passed).TotalNanoseconds / asked;
    }

    private bool AskLimited() => Ask(Limited.Range, [new AcquireEntry(Limited, Cost: 1)]).Decisions[0].IsAdmitted;

    private RangeReply Ask(int range, AcquireEntry[] acquires) => _ranges[range].Handle(
        new RangeRequest { Holder = "front-end", Incarnation = 1, Seq = ++_seqs[range], AckedEpoch = 1, AckedSeq = _seqs[range] - 1, Acquires = acquires }, _now);
}
