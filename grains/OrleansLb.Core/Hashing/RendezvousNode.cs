namespace OrleansLb.Core.Hashing;

/// <summary>One choice of a weighted rendezvous.</summary>
/// <param name="Key">Identity that is hashed; distinct among the choices.</param>
/// <param name="Weight">Share relative to the others, 1 to 1,000; a choice of weight 0 or less is never taken.</param>
public readonly record struct RendezvousNode(BackendKey Key, int Weight);
