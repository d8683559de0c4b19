namespace OrleansLb.Admin.Sessions;

/// <summary>Some of a pool's sessions.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Sessions">The sessions, in the order of their keys.</param>
/// <param name="Next">What to ask for the sessions after; <see langword="null"/> at the end.</param>
internal sealed record SessionPage(string Pool, SessionSummary[] Sessions, string? Next);
