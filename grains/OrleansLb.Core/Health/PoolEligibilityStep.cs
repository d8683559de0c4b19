namespace OrleansLb.Core.Health;

/// <summary>What follows from one input to a <see cref="PoolEligibilityMachine"/>.</summary>
/// <param name="Next">The state to go on with.</param>
/// <param name="Delta">What to push to every front-end; <see langword="null"/> when nothing that they see changed.</param>
public readonly record struct PoolEligibilityStep(PoolEligibilityState Next, PoolEligibilityDelta? Delta);
