namespace OrleansLb.Frontend.Sessions;

/// <summary>How the place of a request was found.</summary>
public enum SessionPlaceOutcome
{
    /// <summary>It was remembered, without asking.</summary>
    Remembered,

    /// <summary>The session's range said so.</summary>
    Asked,

    /// <summary>It was remembered from longer ago, and its range does not answer.</summary>
    Unconfirmed,

    /// <summary>The cluster cannot be reached: it was remembered, or every front-end chooses the same.</summary>
    Alone,

    /// <summary>Its range gave no binding in time: every front-end chooses the same.</summary>
    Unbound,

    /// <summary>There is no room for its binding: every front-end chooses the same.</summary>
    Full,

    /// <summary>Its backend is lost, and the pool wants its sessions to wait for theirs.</summary>
    Refused,

    /// <summary>No backend takes it.</summary>
    NoBackend,

    /// <summary>The client went away.</summary>
    Abandoned,
}
