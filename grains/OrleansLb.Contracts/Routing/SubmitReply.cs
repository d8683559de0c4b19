using System.Collections.Immutable;

namespace OrleansLb.Contracts.Routing;

/// <summary>Answer to a configuration that was handed in.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Version">The version in force after it; 0 for none.</param>
/// <param name="Errors">Everything that is wrong with it.</param>
/// <param name="Warnings">What was ignored and is probably a mistake.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.SubmitReply")]
public sealed record SubmitReply(
    [property: Id(0)] SubmitOutcome Outcome,
    [property: Id(1)] long Version,
    [property: Id(2)] ImmutableArray<SettingProblem> Errors,
    [property: Id(3)] ImmutableArray<SettingProblem> Warnings);
