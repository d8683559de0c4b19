namespace OrleansLb.Core.Health;

/// <summary>What a monitor knows from its deep checks. Times are those of <see cref="HealthState"/>.</summary>
public sealed record DeepCheckState
{
    /// <summary>Whether the backend shall have a smaller share.</summary>
    public bool Failing { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Successes in a row.</summary>
    public int Successes { get; init; }

    /// <summary>How the last failed one ended; <see cref="ProbeOutcomeKind.Success"/> when none failed.</summary>
    public ProbeOutcomeKind LastFailure { get; init; }

    /// <summary>The last outcome, for status pages.</summary>
    public ProbeOutcome? LastOutcome { get; init; }

    /// <summary>When the next one starts, if the backend is alive then.</summary>
    public required TimeSpan NextProbe { get; init; }

    /// <summary>The one in flight.</summary>
    public ProbeFlight? Flight { get; init; }
}
