namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What the totals hold of one front-end, for status pages.</summary>
/// <param name="FrontendId">The front-end.</param>
/// <param name="Incarnation">Its incarnation.</param>
/// <param name="Sequence">Highest report applied.</param>
/// <param name="Entries">What is counted of it now, by backend; those without anything are left out.</param>
/// <param name="ArrivalRate">Requests a second.</param>
/// <param name="SilentFor">Time since its last report.</param>
public sealed record FrontendLoad(
    string FrontendId,
    long Incarnation,
    long Sequence,
    IReadOnlyList<LoadEntry> Entries,
    double ArrivalRate,
    TimeSpan SilentFor)
{
    /// <summary>Plain requests in flight that are counted now.</summary>
    public long Requests => Entries.Sum(static entry => (long)entry.Requests);

    /// <summary>Upgraded or streaming connections that are counted now.</summary>
    public long Connections => Entries.Sum(static entry => (long)entry.Connections);
}
