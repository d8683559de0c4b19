namespace OrleansLb.Core.Affinity;

/// <summary>What to do with a request, as far as its session says.</summary>
public enum AffinityOutcome
{
    /// <summary>The session has no say: balance the load, then bind a new session to the backend that was picked.</summary>
    Balance,

    /// <summary>Go to the session's backend.</summary>
    Keep,

    /// <summary>Go to the session's successor, and send the client the new cookie.</summary>
    Move,

    /// <summary>Answer 503; the session waits for its backend.</summary>
    Refuse,

    /// <summary>Answer 503 and delete the cookie: its backend no longer exists, so waiting would never end.</summary>
    RefuseAndForget,
}
