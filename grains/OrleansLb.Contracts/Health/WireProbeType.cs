namespace OrleansLb.Contracts.Health;

/// <summary>Kind of a probe on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireProbeType")]
public enum WireProbeType
{
    /// <summary>One HTTP/1.1 request.</summary>
    Http = 0,

    /// <summary>A TCP connection.</summary>
    Tcp = 1,

    /// <summary>The health protocol of gRPC.</summary>
    Grpc = 2,

    /// <summary>Bytes to send and to expect over TCP.</summary>
    Script = 3,
}
