using System.Collections.Immutable;

namespace OrleansLb.Contracts.Backends;

/// <summary>Who holds which slots of a pool, for the status API.</summary>
/// <param name="Limit">Slots of each backend, as configured; 0 for no limit.</param>
/// <param name="IsComplete">Whether the pool knows what every front-end holds, so that it hands out more.</param>
/// <param name="Backends">By backend id; those that nobody holds anything of are left out.</param>
/// <param name="Limits">
/// Slots by backend id, as agents and the configuration say; those without a limit are left out. <see langword="null"/> from a silo that enforces none but
/// <paramref name="Limit"/>.
/// </param>
/// <param name="Adaptive">How limits that adapt stand, by backend id; <see langword="null"/> where they do not.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.PoolSlotStatus")]
public sealed record PoolSlotStatus(
    [property: Id(0)] int Limit,
    [property: Id(1)] bool IsComplete,
    [property: Id(2)] ImmutableDictionary<string, ImmutableDictionary<string, SlotHolding>> Backends,
    [property: Id(3)] ImmutableDictionary<string, int>? Limits = null,
    [property: Id(4)] ImmutableDictionary<string, AdaptiveLimitStatus>? Adaptive = null);
