using BenchmarkDotNet.Attributes;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Microbenchmarks;

/// <summary>One decision of a limit by what the front-end holds: no cluster is asked.</summary>
public class LeaseBenchmarks
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    private readonly RateLimitKey _key = RateLimitKey.Of("customer-1234567");
    private readonly SlotGate _gate = new();
    private KeyLimiter _admitting = null!;
    private KeyLimiter _refusing = null!;
    private LeaseHolder _empty = null!;

    /// <summary>Has a lease that outlasts every measurement, a refusal that holds, and a backend's slots.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var rule = new LimitRule { Algorithm = RateLimitAlgorithm.TokenBucket, Mode = RateLimitMode.Leased, WhenUnreachable = WhenUnreachable.Share, Burst = int.MaxValue, Rate = int.MaxValue };
        _admitting = new KeyLimiter(rule, _key);
        _admitting.Granted(new LeaseGrant(_key, 1, int.MaxValue, 1, default), epoch: 1, Now, Now);
        _refusing = new KeyLimiter(rule, _key);
        _refusing.Refused(Now, Now, cost: 1, TimeSpan.FromSeconds(1));
        _empty = new LeaseHolder(rule, _key);
        _gate.Open();
    }

    /// <summary>A permit of a lease is spent.</summary>
    [Benchmark(Baseline = true)]
    public bool SpendALease() => _admitting.Leases.TryAdmit(Now, 1, out _);

    /// <summary>The same before several limits, of which another refuses: it is given back.</summary>
    [Benchmark]
    public bool SpendALeaseAndGiveBack()
    {
        var isHeld = _admitting.Leases.TryHold(Now, 1, out _, out var taken);
        _admitting.Leases.GiveBack(taken);
        return isHeld;
    }

    /// <summary>There is no lease.</summary>
    [Benchmark]
    public bool FindNoLease() => _empty.TryAdmit(Now, 1, out _);

    /// <summary>The range has refused so much a moment ago.</summary>
    [Benchmark]
    public bool RememberARefusal() => _refusing.IsRefused(Now, 1, out _);

    /// <summary>What the answer's fields say is left.</summary>
    [Benchmark]
    public LimitQuota Quota() => _admitting.Quota(Now);

    /// <summary>Whether the lease has to be renewed, which each request asks.</summary>
    [Benchmark]
    public bool NeedsRenewal() => _admitting.Leases.NeedsRenewal(Now);

    /// <summary>A slot of a backend, or of a limit of requests in flight, is taken and given back.</summary>
    [Benchmark]
    public bool EnterAndLeaveASlot() => _gate.TryEnter(out _) && _gate.Leave();
}
