using OrleansLb.Contracts.Routing;

namespace OrleansLb.Grains.Routing;

/// <summary>What the silos said together.</summary>
/// <param name="IsEverybody">Whether every active silo answered.</param>
/// <param name="HighestVersion">The highest version that any of them was given; 0 for none.</param>
/// <param name="Newest">The newest configuration beyond what the caller had; <see langword="null"/> for none.</param>
internal sealed record WitnessedConfiguration(bool IsEverybody, long HighestVersion, ConfigurationDocument? Newest);
