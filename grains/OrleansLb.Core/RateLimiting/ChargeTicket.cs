namespace OrleansLb.Core.RateLimiting;

/// <summary>By what a key finds a charge again that may be given back. Whoever holds one only repeats it.</summary>
/// <param name="At">When it was charged, by the clock of the activation that did.</param>
/// <param name="Mark">What the key's algorithm needs besides; its meaning is the key's own.</param>
public readonly record struct ChargeTicket(TimeSpan At, double Mark);
