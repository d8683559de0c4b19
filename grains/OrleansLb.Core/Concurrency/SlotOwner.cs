namespace OrleansLb.Core.Concurrency;

/// <summary>Who holds slots: one life of one front-end.</summary>
/// <param name="FrontendId">Front-end id.</param>
/// <param name="Incarnation">Its incarnation.</param>
public readonly record struct SlotOwner(string FrontendId, long Incarnation);
