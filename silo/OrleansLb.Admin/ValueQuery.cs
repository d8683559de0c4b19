namespace OrleansLb.Admin;

/// <summary>What an administrator looks up, in a body because addresses end up in logs.</summary>
/// <param name="Value">What requests have: a session's name, the key of a limit.</param>
internal sealed record ValueQuery(string? Value);
