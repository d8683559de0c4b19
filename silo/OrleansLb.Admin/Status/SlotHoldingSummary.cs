namespace OrleansLb.Admin.Status;

/// <summary>What one front-end has of one backend's slots.</summary>
/// <param name="Leased">Requests that it may have there.</param>
/// <param name="InUse">Requests that it has there.</param>
/// <param name="Waiting">Requests that wait for a slot there.</param>
internal sealed record SlotHoldingSummary(int Leased, int InUse, int Waiting);
