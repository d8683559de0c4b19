namespace OrleansLb.Core.Hashing;

/// <summary>One choice of a hash: a backend of a pool, or anything else that has an identity and a share.</summary>
/// <param name="Key">Identity that is hashed; distinct among the choices.</param>
/// <param name="Weight">Share relative to the others, 1 to 1,000; a choice of weight 0 or less is taken only when there is no other, and never by a <see cref="RendezvousContest"/>.</param>
public readonly record struct WeightedBackend(BackendKey Key, int Weight);
