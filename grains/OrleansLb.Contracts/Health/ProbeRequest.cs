namespace OrleansLb.Contracts.Health;

/// <summary>One probe. Which members count follows from <see cref="Type"/>. Equal by content, lists included.</summary>
/// <param name="Uri">
/// Full address. Of other probes than HTTP the scheme (<c>tcp</c>, <c>grpc</c>, <c>grpcs</c>) is none that an HTTP client takes: a silo that knows
/// HTTP alone fails such a request instead of running another probe than the one it was asked for.
/// </param>
/// <param name="Host">Host header or authority; <see langword="null"/> for the address' own.</param>
/// <param name="Timeout">Limit of the whole probe.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ProbeRequest")]
public sealed record ProbeRequest(
    [property: Id(0)] Uri Uri,
    [property: Id(1)] string? Host,
    [property: Id(2)] TimeSpan Timeout)
{
    /// <summary>Which kind of probe.</summary>
    [Id(3)] public WireProbeType Type { get; init; }

    /// <summary>HTTP: method; <see langword="null"/> for GET.</summary>
    [Id(4)] public string? Method { get; init; }

    /// <summary>HTTP and gRPC: further headers; <see langword="null"/> for none.</summary>
    [Id(5)] public WireProbeHeader[]? Headers { get; init; }

    /// <summary>HTTP: statuses that are a success, as <c>200-299,401</c>; <see langword="null"/> for 200-299.</summary>
    [Id(6)] public string? ExpectedStatus { get; init; }

    /// <summary>HTTP: what must occur in the body; <see langword="null"/> for nothing.</summary>
    [Id(7)] public string? BodyContains { get; init; }

    /// <summary>gRPC: service that is asked about; <see langword="null"/> for the server as a whole.</summary>
    [Id(8)] public string? Service { get; init; }

    /// <summary>Script: its steps.</summary>
    [Id(9)] public WireScriptStep[]? Steps { get; init; }

    /// <summary>HTTP and gRPC over TLS: how the backend is met; <see langword="null"/> for by the machine's roots, as an older silo does it always.</summary>
    [Id(10)] public WireProbeTls? Tls { get; init; }

    /// <inheritdoc/>
    public bool Equals(ProbeRequest? other) =>
        other is not null
        && (Uri, Host, Timeout, Type, Method, ExpectedStatus, BodyContains, Service, Tls)
            .Equals((other.Uri, other.Host, other.Timeout, other.Type, other.Method, other.ExpectedStatus, other.BodyContains, other.Service, other.Tls))
        && Headers.AsSpan().SequenceEqual(other.Headers)
        && Steps.AsSpan().SequenceEqual(other.Steps);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Uri, Host, Timeout, Type);
}
