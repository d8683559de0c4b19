namespace OrleansLb.Core.Concurrency;

/// <summary>A backend as a front-end's <see cref="SlotHolder"/> sees it.</summary>
/// <param name="Key">The backend generation.</param>
/// <param name="Gate">Its gate at this front-end.</param>
/// <param name="Limit">Requests that it takes at once from all front-ends, as this one was last told; <see langword="null"/> for no limit.</param>
public readonly record struct SlotPlace(BackendKey Key, SlotGate Gate, int? Limit);
