namespace OrleansLb.Core.Snapshots;

/// <summary>Kinds of health probes. The names are those of the configuration.</summary>
public enum ProbeType
{
    /// <summary>One HTTP/1.1 request; the status, and if wanted the body, must be as expected.</summary>
    Http,

    /// <summary>A TCP connection that is closed as soon as it is there.</summary>
    Tcp,

    /// <summary>The health protocol of gRPC over HTTP/2 (grpc.health.v1, method Check).</summary>
    Grpc,

    /// <summary>Bytes to send and to expect in turn over one TCP connection.</summary>
    Script,
}
