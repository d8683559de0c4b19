namespace OrleansLb.Core.Concurrency;

/// <summary>The slots of one backend that a front-end may use from now on.</summary>
/// <param name="Key">The backend generation.</param>
/// <param name="Amount">Most requests at once; those beyond it finish, and no new one begins until there are fewer.</param>
/// <param name="Limit">What all front-ends together may have there now, where that is not what is configured or an agent says; 0 where it is.</param>
public readonly record struct SlotGrant(BackendKey Key, int Amount, int Limit = 0);
