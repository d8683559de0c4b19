namespace OrleansLb.Core.Sessions;

/// <summary>A range's answer to a claim.</summary>
/// <param name="Outcome">What became of the claim.</param>
/// <param name="Binding">The binding in force; of no backend where there is none.</param>
/// <param name="Epoch">The activation that answers.</param>
/// <param name="Version">Version of the range: what changed up to there is taken into account.</param>
public readonly record struct SessionVerdict(SessionOutcome Outcome, SessionBinding Binding, long Epoch, long Version);
