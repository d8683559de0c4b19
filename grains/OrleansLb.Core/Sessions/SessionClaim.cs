namespace OrleansLb.Core.Sessions;

/// <summary>What a front-end asks of a range: the binding of a session, with what to do when there is none or when its backend is lost.</summary>
/// <param name="Key">The session.</param>
/// <param name="Candidate">The backend to bind it to when nothing is bound; <see cref="SessionBinding.Nobody"/> only to ask.</param>
/// <param name="Replaces">
/// Epoch of the binding that <paramref name="Candidate"/> takes the place of, because its backend is lost; 0 to replace none. When another
/// binding is in force by now, that one is the answer.
/// </param>
/// <param name="Known">What the front-end remembers: goes before <paramref name="Candidate"/> when the range has forgotten the session.</param>
public readonly record struct SessionClaim(SessionKey Key, BackendKey Candidate, long Replaces, SessionBinding Known);
