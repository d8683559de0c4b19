namespace OrleansLb.Core.Snapshots;

/// <summary>
/// How the limit of each backend follows what it takes to answer: the gradient controller of Envoy's adaptive concurrency filter, with one limit for all front-ends.
/// </summary>
public sealed record AdaptiveConcurrencyDefinition
{
    /// <summary>The least that the limit may be; also what is left of it while the quickest answers of a backend are measured.</summary>
    /// <value>Requests at one backend from all front-ends together; default 3; 1 to 1,000,000, and not above the pool's limit.</value>
    public int MinConcurrency { get; init; } = 3;

    /// <summary>By how much slower than its quickest answers a backend may be without having its limit lowered.</summary>
    /// <value>Percent; default 25; 1 to 1000.</value>
    public int BufferPercent { get; init; } = 25;

    /// <summary>Time from one measuring of a backend's quickest answers to the next, give or take a tenth.</summary>
    /// <value>Default 1 min; 1 s to 1 h.</value>
    public TimeSpan MeasureInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Answers that are measured.</summary>
    /// <value>Default 50; 1 to 100,000.</value>
    public int MeasureRequests { get; init; } = 50;
}
