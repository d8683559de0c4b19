namespace OrleansLb.Core.Tests.Balancing.Exchange;

internal sealed record NetworkStep(NetworkStepKind Kind, int Frontend, int Choice);
