namespace OrleansLb.Core.Sessions;

/// <summary>What became of a claim.</summary>
public enum SessionOutcome
{
    /// <summary>The session was bound before, and the claim changed nothing.</summary>
    Found,

    /// <summary>The session was bound by this claim.</summary>
    Bound,

    /// <summary>The session was bound anew by this claim, in place of the binding that it named.</summary>
    Replaced,

    /// <summary>The session is not bound, and the claim named no backend.</summary>
    Unbound,

    /// <summary>The session is not bound, and there is no room: every session of the range was used a moment ago.</summary>
    Full,
}
