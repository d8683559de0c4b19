namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>What a client was shown beside a certificate.</summary>
/// <param name="Status">What its authority says; <see langword="null"/> when nothing is stapled.</param>
/// <param name="Serial">Of which certificate.</param>
internal sealed record SeenStaple(string? Status, string Serial);
