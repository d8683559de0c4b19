namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Tokens of a bucket that were taken and may come back. Had they not been taken, the bucket would have been full sooner and its refill would have been lost:
/// giving back more than that bucket would have now lets more than its envelope through. So tokens here and held are never more than the bucket
/// holds, and what of the held is cut off for it is cut off from each charge in proportion.
/// </summary>
/// <param name="since">When the first of them was taken.</param>
internal sealed class HeldTokens(TimeSpan since)
{
    // Below it a rounding of sums is not told from a token.
    private const double Least = 1e-9;

    private double _held;
    private double _shrunk;

    /// <summary>Whether nothing can come back any more, whoever asks.</summary>
    public bool IsEmpty => _held < Least;

    /// <summary>Notes tokens that were taken at a time.</summary>
    public ChargeTicket Add(int tokens, TimeSpan at)
    {
        _held += tokens;
        return new ChargeTicket(at, _shrunk);
    }

    /// <summary>Cuts off what has no room beside the tokens that are here.</summary>
    public void Fit(double room)
    {
        var fits = Math.Max(0, room);
        if (fits >= _held)
            return;
        // As a logarithm, so that it does not run out of digits where tokens are always held.
        _shrunk += fits < Least ? 0 : Math.Log(fits / _held);
        _held = fits;
    }

    /// <summary>Settles a charge.</summary>
    /// <returns>What is left of it: at most what is to be given back.</returns>
    public double Take(int tokens, in ChargeTicket ticket)
    {
        // What was taken before the first of these has been cut off entirely.
        if (ticket.At < since)
            return 0;
        var left = Math.Min(_held, tokens * Math.Exp(Math.Min(0, _shrunk - ticket.Mark)));
        _held -= left;
        return left;
    }
}
