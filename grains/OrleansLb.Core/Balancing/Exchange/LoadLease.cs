namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>How long counts stay in the totals without a word from the front-end that reported them.</summary>
public static class LoadLease
{
    /// <summary>Lease of connections: a connection may well outlive a silence, so its count is kept, frozen, for this long.</summary>
    public static readonly TimeSpan Connections = TimeSpan.FromSeconds(10);

    /// <summary>How long a pool without a past waits for the rows of front-ends it has not heard.</summary>
    public static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);

    /// <summary>How long the incarnation and sequence of a vanished front-end are remembered, so that a late report of it is known as one.</summary>
    public static readonly TimeSpan Fence = TimeSpan.FromMinutes(10);

    // A front-end that reports every 100 ms or faster has missed five reports by then; the cluster forgets a killed one
    // well inside a second, and a collector pause of a living one does not shake the totals.
    private static readonly TimeSpan Brisk = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(1);

    /// <summary>Lease of plain requests.</summary>
    /// <param name="tau">The interval that the front-end announced.</param>
    /// <returns>0.5 s for intervals up to 100 ms; else three intervals, 1 s at least and the lease of connections at most.</returns>
    public static TimeSpan Requests(TimeSpan tau)
    {
        if (tau <= ExchangePace.Slowest)
            return Brisk;
        var three = tau >= Connections ? Connections : tau * 3;
        return three < Slow ? Slow : three > Connections ? Connections : three;
    }
}
