using System.Collections.Immutable;

namespace OrleansLb.Configuration;

/// <summary>What became of a document: a configuration, or everything that is wrong with it.</summary>
/// <param name="Configuration">The compiled configuration; <see langword="null"/> when there are errors.</param>
/// <param name="Errors">All errors, ordered by path; of more than 1,000 those, and how many more there are.</param>
/// <param name="Warnings">What was ignored and is probably a mistake, such as a misspelt key of YARP's; ordered and bounded as the errors are.</param>
public sealed record CompilationResult(
    CompiledConfiguration? Configuration,
    ImmutableArray<ConfigurationError> Errors,
    ImmutableArray<ConfigurationError> Warnings);
