using System.Collections.Immutable;

namespace OrleansLb.Core.Snapshots;

/// <summary>A probe by the health protocol of gRPC: SERVING is the only success.</summary>
public sealed record GrpcProbeDefinition : ProbeDefinition
{
    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Grpc;

    /// <summary>Service that is asked about; empty for the server as a whole.</summary>
    public string Service { get; init; } = "";

    /// <summary>Authority of the call, and the name that a certificate must have; <see langword="null"/> for the backend's.</summary>
    public string? Host { get; init; }

    /// <summary>Metadata of the call.</summary>
    public ImmutableArray<ProbeHeader> Headers { get; init; } = [];
}
