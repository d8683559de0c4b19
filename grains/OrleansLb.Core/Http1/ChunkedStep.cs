namespace OrleansLb.Core.Http1;

/// <summary>What the reader of chunks found.</summary>
public enum ChunkedStep
{
    /// <summary>Nothing but framing; more bytes are needed.</summary>
    NeedMore,

    /// <summary>A piece of the body.</summary>
    Data,

    /// <summary>The last chunk; trailers follow, or their empty last line.</summary>
    Trailers,

    /// <summary>There is a fault, and nothing that follows counts.</summary>
    Refused,
}
