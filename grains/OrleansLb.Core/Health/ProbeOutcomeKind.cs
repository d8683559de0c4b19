namespace OrleansLb.Core.Health;

/// <summary>How a probe ended. Failures are of two sorts: the backend answered wrongly, or it could not be reached.</summary>
public enum ProbeOutcomeKind
{
    /// <summary>The backend answered as it should.</summary>
    Success,

    /// <summary>The backend answered with an HTTP status that was not expected.</summary>
    WrongStatus,

    /// <summary>The backend answered with bytes that are not the protocol.</summary>
    Malformed,

    /// <summary>The connection was refused: nobody listens.</summary>
    Refused,

    /// <summary>The connection was reset or closed before an answer was complete.</summary>
    Reset,

    /// <summary>No complete answer within the timeout, be it for connecting, the head or the body.</summary>
    TimedOut,

    /// <summary>No route to the host or network.</summary>
    Unreachable,

    /// <summary>The host name has no address, as far as this prober can tell.</summary>
    NameNotResolved,

    /// <summary>No TLS connection could be agreed on. Trust stores and clocks are the prober's own, so this is not an answer.</summary>
    TlsFailed,

    /// <summary>The prober itself could not run the probe (descriptors or ports exhausted): says nothing about the backend.</summary>
    NotRun,

    /// <summary>The backend answered, but not with what was expected: a text is missing in the body, or a script's step met something else.</summary>
    WrongContent,

    /// <summary>The backend answered by gRPC, but not that it serves.</summary>
    NotServing,
}
