using System.Collections.Immutable;

namespace OrleansLb.Contracts.Acme;

/// <summary>How one of the cluster's certificates fares.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.AcmeCertificateStatus")]
public sealed record AcmeCertificateStatus
{
    /// <summary>What it is called.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    [Id(1)] public required ImmutableArray<string> Hosts { get; init; }

    /// <summary>When the present one expires; <see langword="null"/> while there is none.</summary>
    [Id(2)] public DateTimeOffset? NotAfter { get; init; }

    /// <summary>When the next is ordered; <see langword="null"/> while one is on order.</summary>
    [Id(3)] public DateTimeOffset? NextOrder { get; init; }

    /// <summary>How often in a row an order has failed.</summary>
    [Id(4)] public int Failures { get; init; }

    /// <summary>Why the last order failed; <see langword="null"/> when it did not.</summary>
    [Id(5)] public string? LastError { get; init; }
}
