namespace OrleansLb.Admin.Status;

/// <summary>A front-end that fell silent, may run where no silo hears it, and therefore has its part of every limit set aside for a day.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Incarnation">The incarnation that fell silent.</param>
/// <param name="SecondsAgo">How long ago that was noticed.</param>
/// <param name="LimitParts">Into how many parts limits are divided of which one is its own; 0 when it relies on none.</param>
internal sealed record VanishedFrontendSummary(string Id, long Incarnation, double SecondsAgo, int LimitParts);
