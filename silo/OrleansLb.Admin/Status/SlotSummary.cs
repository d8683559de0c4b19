namespace OrleansLb.Admin.Status;

/// <summary>The slots of one backend.</summary>
/// <param name="Limit">Requests that it takes at once from the whole fleet.</param>
/// <param name="Leased">Of these, how many front-ends may have there.</param>
/// <param name="InUse">Requests that are there.</param>
/// <param name="Waiting">Requests that wait for a slot there.</param>
/// <param name="Adaptive">What the limit goes by, where it adapts.</param>
/// <param name="ByFrontend">The same by front-end; those without anything are left out.</param>
internal sealed record SlotSummary(
    int Limit,
    int Leased,
    int InUse,
    int Waiting,
    AdaptiveSummary? Adaptive,
    IReadOnlyDictionary<string, SlotHoldingSummary> ByFrontend);
