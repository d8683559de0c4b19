namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Why a request is left to YARP's own forwarder, as the metric says it.</summary>
internal static class FallbackReasons
{
    /// <summary>Nothing says which route it is of, it has been answered, or it is not certain whether there is a body.</summary>
    public const string Route = "route";

    /// <summary>The destination is reached by TLS, or its address is no plain one.</summary>
    public const string Destination = "destination";

    /// <summary>The cluster wants another version of HTTP.</summary>
    public const string Version = "version";

    /// <summary>The client wants to turn the connection into something else.</summary>
    public const string Upgrade = "upgrade";

    /// <summary>A call of gRPC.</summary>
    public const string Call = "grpc";

    /// <summary>The route has transforms of its own.</summary>
    public const string Transforms = "transforms";

    /// <summary>The cluster's client has a proxy, an encoding or code of its own.</summary>
    public const string Client = "client";

    /// <summary>Something listens to what YARP's client tells of its requests.</summary>
    public const string Tracing = "tracing";

    /// <summary>The head cannot be written as it is.</summary>
    public const string Head = "head";
}
