namespace OrleansLb.Admin.Backends;

/// <summary>The document of <c>GET …/history</c>.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Backend">The backend.</param>
/// <param name="Changes">Its last changes of state, newest first.</param>
internal sealed record BackendHistory(string Pool, string Backend, IReadOnlyList<StateChangeSummary> Changes);
