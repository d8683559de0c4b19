namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>
/// What one front-end has sent to one pool since the front-end started. Absolute and only ever growing, so that a lost or
/// repeated report loses and repeats nothing.
/// </summary>
/// <param name="Arrivals">Requests for which a backend was picked.</param>
/// <param name="Completions">Plain requests that ended; upgraded connections are left out, their length says nothing of a request's.</param>
/// <param name="ServiceTime">Sum of the times from pick to end of the requests counted in <paramref name="Completions"/>.</param>
public readonly record struct TrafficCounters(long Arrivals, long Completions, TimeSpan ServiceTime);
