namespace OrleansLb.Core.Concurrency;

/// <summary>What one front-end has of one backend's slots, as the pool knows it.</summary>
/// <param name="Key">The backend generation.</param>
/// <param name="Owner">The front-end.</param>
/// <param name="Leased">Requests that it may have there.</param>
/// <param name="InUse">Requests that it last said it has there.</param>
/// <param name="Waiting">Requests that it last said wait.</param>
public readonly record struct SlotUse(BackendKey Key, SlotOwner Owner, int Leased, int InUse, int Waiting);
