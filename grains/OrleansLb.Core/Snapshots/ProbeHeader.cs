namespace OrleansLb.Core.Snapshots;

/// <summary>A header that a probe sends.</summary>
/// <param name="Name">Its name (RFC 9110, section 5.6.2: token).</param>
/// <param name="Value">Its value: ASCII without control characters.</param>
public sealed record ProbeHeader(string Name, string Value);
