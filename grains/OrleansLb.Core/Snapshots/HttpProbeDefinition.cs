using System.Collections.Immutable;
using OrleansLb.Core.Health;

namespace OrleansLb.Core.Snapshots;

/// <summary>A probe by one HTTP request without a body.</summary>
public sealed record HttpProbeDefinition : ProbeDefinition
{
    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Http;

    /// <summary>Method of the request.</summary>
    /// <value>Default GET; also HEAD, OPTIONS and POST.</value>
    public string Method { get; init; } = "GET";

    /// <summary>Path, put behind that of the backend's health address.</summary>
    /// <value>Default "/".</value>
    public string Path { get; init; } = "/";

    /// <summary>Query with its question mark; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>Host header, and the name that a certificate must have; <see langword="null"/> for the backend's.</summary>
    public string? Host { get; init; }

    /// <summary>Further headers.</summary>
    public ImmutableArray<ProbeHeader> Headers { get; init; } = [];

    /// <summary>Statuses that are a success.</summary>
    /// <value>Default 200-299.</value>
    public HttpStatusSet ExpectedStatus { get; init; } = HttpStatusSet.Successful;

    /// <summary>What must occur, byte for byte as UTF-8, in the first 64 KiB of the body; <see langword="null"/> for nothing.</summary>
    public string? BodyContains { get; init; }
}
