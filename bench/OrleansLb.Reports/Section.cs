namespace OrleansLb.Reports;

/// <summary>What an experiment or a benchmark found.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Text">What was run, how to read the table, and what it says.</param>
/// <param name="Table">The figures.</param>
/// <param name="Picture">The same to look at; <see langword="null"/> for none.</param>
/// <param name="Misses">What should have been true and was not; empty when all was.</param>
public sealed record Section(string Title, string Text, Table Table, IPicture? Picture, IReadOnlyList<string> Misses);
