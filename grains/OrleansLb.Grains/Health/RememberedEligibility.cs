using OrleansLb.Contracts.Health;

namespace OrleansLb.Grains.Health;

/// <summary>What front-ends remember of a pool.</summary>
/// <param name="Newest">The newest table that any of them was told; <see langword="null"/> for none.</param>
/// <param name="IsFromEverybody">Whether every live front-end answered, so that what is not in it nobody remembers.</param>
internal sealed record RememberedEligibility(EligibilityTable? Newest, bool IsFromEverybody)
{
    /// <summary>Nobody could be asked.</summary>
    public static RememberedEligibility Nothing { get; } = new(null, IsFromEverybody: false);
}
