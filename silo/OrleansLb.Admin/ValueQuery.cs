namespace OrleansLb.Admin.Sessions;

/// <summary>What an administrator asks for, in a body because addresses end up in logs.</summary>
/// <param name="Value">What the application or the client calls the session.</param>
internal sealed record SessionQuery(string? Value);
