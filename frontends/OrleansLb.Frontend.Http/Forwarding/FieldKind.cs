namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>What a field of a request needs.</summary>
internal enum FieldKind
{
    Plain,

    /// <summary>Not passed on: it is between the client and us, or written anew.</summary>
    Dropped,

    Host,

    /// <summary>The length of the body, which decides its framing too.</summary>
    Length,

    /// <summary>Tells of a body.</summary>
    Content,

    /// <summary>Its values are put together by semicolons.</summary>
    Cookie,

    /// <summary>Its values are put together by spaces.</summary>
    Agent,

    Expect,
}
