using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>A front-end's suspicion while it is being confirmed.</summary>
/// <param name="SecondAt">When the second pair of probes starts; <see langword="null"/> once it has.</param>
/// <param name="FirstFailure">When the first own confirming probe failed; <see langword="null"/> before.</param>
/// <param name="Own">Probes of the monitor's own silo: all must fail to connect.</param>
/// <param name="Other">Probes of another silo: none may reach the backend.</param>
public sealed record SuspicionRound(
    TimeSpan? SecondAt,
    TimeSpan? FirstFailure,
    ImmutableArray<SuspicionProbe> Own,
    ImmutableArray<SuspicionProbe> Other);
