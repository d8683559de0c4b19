using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>What a scenario found.</summary>
/// <param name="Sections">The figures, and what was missed.</param>
/// <param name="Turns">Every single measurement, for whoever wants to count again.</param>
internal sealed record Finding(IReadOnlyList<Section> Sections, Table Turns);
