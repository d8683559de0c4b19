namespace OrleansLb.Contracts.Health;

/// <summary>How a probe ended, on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireProbeOutcome")]
public enum WireProbeOutcome
{
    /// <summary>The backend answered as it should.</summary>
    Success = 0,

    /// <summary>The backend answered with an HTTP status that was not expected.</summary>
    WrongStatus = 1,

    /// <summary>The backend answered with bytes that are not the protocol.</summary>
    Malformed = 2,

    /// <summary>The connection was refused.</summary>
    Refused = 3,

    /// <summary>The connection was reset or closed before the answer was complete.</summary>
    Reset = 4,

    /// <summary>No complete answer in time.</summary>
    TimedOut = 5,

    /// <summary>No route to the host.</summary>
    Unreachable = 6,

    /// <summary>The host name has no address.</summary>
    NameNotResolved = 7,

    /// <summary>No TLS connection could be agreed on.</summary>
    TlsFailed = 8,

    /// <summary>The prober could not run the probe.</summary>
    NotRun = 9,

    /// <summary>The backend answered, but not with the content that was expected.</summary>
    WrongContent = 10,

    /// <summary>The backend answered by gRPC, but not that it serves.</summary>
    NotServing = 11,
}
