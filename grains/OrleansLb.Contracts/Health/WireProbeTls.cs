namespace OrleansLb.Contracts.Health;

/// <summary>How a probe meets a backend that speaks TLS.</summary>
/// <param name="Profile">Name of the files that each process has for it; <see langword="null"/> for none.</param>
/// <param name="ServerName">The name that certificates must have; <see langword="null"/> for the probe's host.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ProbeTls")]
public sealed record WireProbeTls([property: Id(0)] string? Profile, [property: Id(1)] string? ServerName);
