using OrleansLb.Core.Balancing;

namespace OrleansLb.Core.Snapshots;

/// <summary>What surrounds a pool's policy: who comes into question for a request, and with which weight.</summary>
public sealed record BalancingDefinition
{
    /// <summary>Nothing but weights.</summary>
    public static BalancingDefinition Default { get; } = new();

    /// <summary>The pool's policy: one of <see cref="LoadBalancingPolicyNames"/>, spelt as there; empty where the file leaves it to YARP.</summary>
    public string Policy { get; init; } = "";

    /// <summary>What hashed policies go by.</summary>
    public HashKeyDefinition HashKey { get; init; } = HashKeyDefinition.ClientIp;

    /// <summary>How the backends' reports of their load become weights, under <see cref="LoadBalancingPolicyNames.ResourceBased"/>.</summary>
    public ResourceLoadRules LoadReports { get; init; } = ResourceLoadRules.Default;

    /// <summary>How backends that join or come back are given their traffic; <see langword="null"/> for all at once.</summary>
    public SlowStartDefinition? SlowStart { get; init; }

    /// <summary>How much more than its share a backend can carry before traffic spills over into the next tier.</summary>
    /// <value>Percent; default 140, 100 to 1000.</value>
    public int OverprovisioningPercent { get; init; } = 140;

    /// <summary>How long a backend must have been eligible again before its tier counts on it: a tier that comes and goes does not move the traffic each time.</summary>
    /// <value>Default zero, which fails back at once; 1 day at most.</value>
    public TimeSpan FailBackAfter { get; init; }

    /// <summary>Whether a front-end prefers backends of its own zone.</summary>
    public ZonePreference ZonePreference { get; init; }
}
