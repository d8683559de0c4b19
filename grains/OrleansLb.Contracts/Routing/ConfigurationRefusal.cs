using System.Collections.Immutable;

namespace OrleansLb.Contracts.Routing;

/// <summary>A configuration that was refused.</summary>
/// <param name="Source">Silo or administrator that handed it in.</param>
/// <param name="When">When.</param>
/// <param name="Errors">Everything that is wrong with it.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ConfigurationRefusal")]
public sealed record ConfigurationRefusal(
    [property: Id(0)] string Source,
    [property: Id(1)] DateTimeOffset When,
    [property: Id(2)] ImmutableArray<SettingProblem> Errors);
