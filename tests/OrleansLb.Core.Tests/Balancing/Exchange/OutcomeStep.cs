namespace OrleansLb.Core.Tests.Balancing.Exchange;

internal readonly record struct OutcomeStep(OutcomeStepKind Kind, int Frontend, int Choice);
