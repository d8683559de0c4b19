namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>What became of a request that was to be copied.</summary>
internal enum MirrorOutcome
{
    /// <summary>The other pool answered the copy, whatever it answered.</summary>
    Answered,

    /// <summary>It failed the copy.</summary>
    Failed,

    /// <summary>It was too slow.</summary>
    TimedOut,

    /// <summary>It has nobody to serve the copy.</summary>
    NoBackend,

    /// <summary>As many copies are in flight as may, here or at its backends.</summary>
    Busy,

    /// <summary>The body is too long to be kept.</summary>
    TooLarge,

    /// <summary>The body did not come whole.</summary>
    Incomplete,

    /// <summary>The front-end ends, or the backend is drained.</summary>
    CutOff,
}
