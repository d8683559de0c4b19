namespace OrleansLb.Core.Http1;

/// <summary>How the end of an answer's body is found (RFC 9112, section 6.3).</summary>
public enum BodyFraming
{
    /// <summary>There is no body.</summary>
    None,

    /// <summary>It has as many bytes as the head says.</summary>
    Length,

    /// <summary>It comes in chunks.</summary>
    Chunked,

    /// <summary>It ends with the connection.</summary>
    UntilClose,
}
