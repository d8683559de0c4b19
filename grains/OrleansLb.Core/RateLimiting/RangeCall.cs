namespace OrleansLb.Core.RateLimiting;

/// <summary>One call to a range, as the front-end saw it.</summary>
/// <param name="Epoch">Epoch of the activation that answered.</param>
/// <param name="SentAt">When it was sent.</param>
/// <param name="ReceivedAt">When the answer came.</param>
internal readonly record struct RangeCall(long Epoch, TimeSpan SentAt, TimeSpan ReceivedAt);
