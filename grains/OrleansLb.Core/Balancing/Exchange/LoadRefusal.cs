namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>Why nothing of a report was taken in.</summary>
public enum LoadRefusal
{
    /// <summary>It was not refused.</summary>
    None,

    /// <summary>It names no front-end.</summary>
    NoFrontend,

    /// <summary>Its sequence is below 1 or leaves none to follow, or it lies over a report that comes after it.</summary>
    Sequence,

    /// <summary>It acknowledges an epoch or a version that cannot have been given out.</summary>
    Acknowledgement,

    /// <summary>It announces an interval, or counts traffic, below zero.</summary>
    Traffic,

    /// <summary>It names more than <see cref="PoolLoadMachine.MaxEntries"/> backends, or a count below zero.</summary>
    Counts,

    /// <summary>Its outcomes are of more than <see cref="PoolLoadMachine.MaxEntries"/> backends, below zero, or more failures than answers.</summary>
    Outcomes,

    /// <summary>The pool knows <see cref="PoolLoadMachine.MaxFrontends"/> other front-ends.</summary>
    TooManyFrontends,
}
