namespace OrleansLb.EdgeBench.Contestants;

/// <summary>What is spoken to the backends, without TLS.</summary>
internal enum BackendProtocol
{
    Http1,

    /// <summary>HTTP/1.1 that becomes a WebSocket, of which nginx must be told.</summary>
    WebSocket,

    /// <summary>HTTP/2, which nginx speaks for gRPC alone.</summary>
    Http2,

    /// <summary>HTTP/2 for calls of gRPC.</summary>
    Grpc,
}
