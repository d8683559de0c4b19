namespace OrleansLb.Core.Snapshots;

/// <summary>
/// When the circuit to a backend is broken because too many of its answers are server errors, and how it is mended. Names are those of Polly's circuit breaker; here
/// one circuit stands for all front-ends.
/// </summary>
public sealed record CircuitDefinition
{
    /// <summary>Share of server errors that breaks the circuit.</summary>
    /// <value>Percent of the answers; default 50; 1 to 100.</value>
    public int FailurePercent { get; init; } = 50;

    /// <summary>Answers without which nothing is concluded.</summary>
    /// <value>Default 20; 1 to 1,000,000.</value>
    public int MinimumThroughput { get; init; } = 20;

    /// <summary>Time over which answers are looked at.</summary>
    /// <value>Default 10 s; 1 s to 10 min.</value>
    public TimeSpan SamplingDuration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a broken circuit carries nothing before one request may try it; doubles with each trial that fails.</summary>
    /// <value>Default 5 s; 100 ms to 1 h.</value>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest break; never below <see cref="BreakDuration"/>.</summary>
    /// <value>Default 1 min; 100 ms to 1 h.</value>
    public TimeSpan MaxBreakDuration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a trial may go without an answer before it has failed.</summary>
    /// <value>Default 5 s; 100 ms to 5 min.</value>
    public TimeSpan TrialTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
