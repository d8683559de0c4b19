namespace OrleansLb.Frontend.Http.Health;

/// <summary>What a failed forwarding says about the backend.</summary>
internal enum ForwardingFailure
{
    /// <summary>Nothing: the client left, a limit was hit, or the answer itself was at fault.</summary>
    None,

    /// <summary>No connection was made, so nothing was sent and any request may be sent elsewhere.</summary>
    NotConnected,

    /// <summary>The connection ended before the first byte of an answer.</summary>
    Reset,

    /// <summary>The answer was complete, but of a status upon which the pool tries another backend.</summary>
    Status,
}
