namespace OrleansLb.Contracts.Routing;

/// <summary>One thing wrong with a configuration.</summary>
/// <param name="Path">Full path of the key.</param>
/// <param name="Message">What is wrong and what would be right.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SettingProblem")]
public sealed record SettingProblem(
    [property: Id(0)] string Path,
    [property: Id(1)] string Message);
