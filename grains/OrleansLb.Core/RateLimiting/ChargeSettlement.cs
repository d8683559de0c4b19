namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// What became of a charge that could be given back. Said once: a settlement that is lost leaves the charge as it is, and one that was said twice would
/// give back what nobody had paid.
/// </summary>
/// <param name="Key">The key that was charged.</param>
/// <param name="Cost">Permits that were taken.</param>
/// <param name="Epoch">Epoch that took them; another one does not know the charge, and keeps it.</param>
/// <param name="Ticket">The ticket that came with the decision.</param>
/// <param name="IsGivenBack">Whether the request did not go on; if it did, the charge is final.</param>
public readonly record struct ChargeSettlement(RateLimitKey Key, int Cost, long Epoch, ChargeTicket Ticket, bool IsGivenBack);
