namespace OrleansLb.Frontend.Concurrency;

/// <summary>What came of a request that had to wait for a slot.</summary>
public enum AdmissionOutcome
{
    /// <summary>It has a slot.</summary>
    Entered,

    /// <summary>As many requests wait as may.</summary>
    QueueFull,

    /// <summary>It waited for as long as it may.</summary>
    TimedOut,

    /// <summary>Its client went away.</summary>
    ClientLeft,

    /// <summary>The pool has no limit any more.</summary>
    Unlimited,

    /// <summary>The backend that it waited for is not in the pool any more, or takes no sessions any more.</summary>
    BackendGone,
}
