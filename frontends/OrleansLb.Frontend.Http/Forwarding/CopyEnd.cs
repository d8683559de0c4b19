namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>How the copy of a body ended.</summary>
internal enum CopyEnd
{
    Done,

    /// <summary>Its source failed.</summary>
    SourceFailed,

    /// <summary>Where it goes to failed.</summary>
    SinkFailed,

    /// <summary>The client left.</summary>
    Cancelled,
}
