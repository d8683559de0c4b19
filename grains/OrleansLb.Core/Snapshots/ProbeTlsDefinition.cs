namespace OrleansLb.Core.Snapshots;

/// <summary>How probes meet backends that speak TLS, where the pool says how requests do.</summary>
/// <param name="Profile">Name of the files that each process has for it; <see langword="null"/> for none, and the roots of the machine count.</param>
/// <param name="ServerName">The name that is asked for and that certificates must have; <see langword="null"/> for the probe's host.</param>
public sealed record ProbeTlsDefinition(string? Profile, string? ServerName);
