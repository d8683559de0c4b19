namespace OrleansLb.Core.Balancing;

/// <summary>One column of an <see cref="AliasTable"/>.</summary>
/// <param name="Threshold">Share of the column that belongs to its own backend, 0 to 1.</param>
/// <param name="Alias">Whose the rest is.</param>
internal readonly record struct AliasEntry(double Threshold, int Alias);
