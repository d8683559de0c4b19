using OrleansLb.Contracts.Health;

namespace OrleansLb.Grains.Health;

/// <summary>What front-ends remember of a pool.</summary>
/// <param name="Newest">The newest table that any of them was told; <see langword="null"/> for none.</param>
/// <param name="AllAnswered">Whether everybody who was asked answered.</param>
/// <param name="AllAsked">Whether every live front-end was asked, which a cluster that begins does not know.</param>
internal sealed record RememberedEligibility(EligibilityTable? Newest, bool AllAnswered, bool AllAsked)
{
    /// <summary>Nobody was asked yet.</summary>
    public static RememberedEligibility Nothing { get; } = new(null, AllAnswered: false, AllAsked: false);

    /// <summary>Whether what is not in it nobody remembers.</summary>
    public bool IsFromEverybody => AllAnswered && AllAsked;
}
