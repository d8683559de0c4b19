using System.Collections.Immutable;

namespace OrleansLb.Core.Snapshots;

/// <summary>One certificate that the cluster orders.</summary>
/// <param name="Name">What it is called in logs, metrics and the status.</param>
/// <param name="Hosts">The names that it is for, in lower case and in the order of the alphabet.</param>
public sealed record AcmeCertificateDefinition(string Name, ImmutableArray<string> Hosts);
