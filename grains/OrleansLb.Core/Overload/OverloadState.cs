namespace OrleansLb.Core.Overload;

/// <summary>What <see cref="OverloadMachine"/> remembers between two looks.</summary>
/// <param name="Level">What the process does without.</param>
/// <param name="CollectedAt">When garbage was last collected because of it; <see langword="null"/> for never.</param>
public readonly record struct OverloadState(OverloadLevel Level, TimeSpan? CollectedAt);
