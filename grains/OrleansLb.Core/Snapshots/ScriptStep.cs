using OrleansLb.Core.Health;

namespace OrleansLb.Core.Snapshots;

/// <summary>One step of a script.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Text">Bytes as <see cref="ProbeText"/> writes them, or a regular expression that needs no backtracking.</param>
public sealed record ScriptStep(ScriptStepKind Kind, string Text);
