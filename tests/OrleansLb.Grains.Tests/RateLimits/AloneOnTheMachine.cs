namespace OrleansLb.Grains.Tests.RateLimits;

/// <summary>
/// Tests that count tokens run after all others and one by one: an answer that a busy machine brings too late takes its tokens with it, as it should, and
/// would be counted as a refusal.
/// </summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneOnTheMachine;
