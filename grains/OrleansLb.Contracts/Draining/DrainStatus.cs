using System.Collections.Immutable;

namespace OrleansLb.Contracts.Draining;

/// <summary>How far a drain is, for the status API.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.DrainStatus")]
public sealed record DrainStatus
{
    /// <summary>Name of the phase: <c>Finishing</c>, <c>Closing</c> or <c>Drained</c>.</summary>
    [Id(0)] public required string Phase { get; init; }

    /// <summary>When it was decided, UTC; <see langword="null"/> while the decision cannot be read.</summary>
    [Id(1)] public required DateTimeOffset? Since { get; init; }

    /// <summary>When what is left is cut off, UTC; <see langword="null"/> while the decision cannot be read.</summary>
    [Id(2)] public required DateTimeOffset? Until { get; init; }

    /// <summary>Whether that moment came before nothing was left.</summary>
    [Id(3)] public required bool TimedOut { get; init; }

    /// <summary>Live front-ends that have something in flight there, send something there, or did not answer when they were last asked.</summary>
    [Id(4)] public required ImmutableArray<string> WaitingFor { get; init; }

    /// <summary>Who decided, for people.</summary>
    [Id(5)] public required string By { get; init; }
}
