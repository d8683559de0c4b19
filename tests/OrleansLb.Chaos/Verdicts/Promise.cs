namespace OrleansLb.Chaos.Verdicts;

/// <summary>One thing that must be true of a run, whatever happened in it.</summary>
/// <param name="Name">What must be true.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Holds">Whether it was true.</param>
public sealed record Promise(string Name, string Seen, bool Holds);
