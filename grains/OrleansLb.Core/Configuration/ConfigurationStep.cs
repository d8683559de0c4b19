namespace OrleansLb.Core.Configuration;

/// <summary>What a submission did.</summary>
/// <param name="State">The state after it: the same instance when there is nothing to write.</param>
/// <param name="Outcome">What became of the submission.</param>
public readonly record struct ConfigurationStep(ConfigurationState State, SubmissionOutcome Outcome);
