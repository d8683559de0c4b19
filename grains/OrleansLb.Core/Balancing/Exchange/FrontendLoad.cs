namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What the totals hold of one front-end, for status pages.</summary>
/// <param name="FrontendId">The front-end.</param>
/// <param name="Incarnation">Its incarnation.</param>
/// <param name="Sequence">Highest report applied.</param>
/// <param name="Requests">Plain requests in flight that are counted now.</param>
/// <param name="Connections">Upgraded or streaming connections that are counted now.</param>
/// <param name="ArrivalRate">Requests a second.</param>
/// <param name="SilentFor">Time since its last report.</param>
public sealed record FrontendLoad(
    string FrontendId,
    long Incarnation,
    long Sequence,
    long Requests,
    long Connections,
    double ArrivalRate,
    TimeSpan SilentFor);
