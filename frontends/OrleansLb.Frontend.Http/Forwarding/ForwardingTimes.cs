namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>How long the forwarder waits for what. The documentation of defaults has the peers' values beside these.</summary>
internal sealed record ForwardingTimes
{
    /// <summary>For a connection, before another backend is tried.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>For the head of an answer, from the last byte of the request that went out; where the cluster has no <c>ActivityTimeout</c>.</summary>
    public TimeSpan Head { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two bytes of an answer's body; where the cluster has no <c>ActivityTimeout</c>.</summary>
    public TimeSpan Body { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For <c>100 Continue</c>, before the body is sent without it, as YARP's client does.</summary>
    public TimeSpan Continue { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a connection is kept without a request; shorter than what servers usually keep one for.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How old a connection gets at least, so that changes of DNS are noticed; each gets up to <see cref="LifeJitter"/> older, or all would end at once.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromMinutes(5);

    public TimeSpan LifeJitter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two looks for connections that were idle for too long.</summary>
    public TimeSpan Sweep { get; init; } = TimeSpan.FromSeconds(5);
}
