using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Balancing;

/// <summary>What a snapshot of the others' load is worth at one moment.</summary>
/// <param name="Unseen">Requests that arrived at the other front-ends and are not in the snapshot, as far as can be told; 0 or more.</param>
/// <param name="Requests">The weight of the snapshot's requests: 1 when fresh, falling as they end unseen, 0 past a service time.</param>
/// <param name="Connections">The weight of the snapshot's connections: 1 as long as their lease lasts, then 0.</param>
public readonly record struct Outlook(double Unseen, double Requests, double Connections)
{
    // Seconds that a snapshot counts while nothing is known of the length of a request.
    private const double CrossoverWhenUnknown = 1;

    /// <summary>No snapshot: a front-end decides from what it has in flight itself.</summary>
    public static Outlook Blind { get; }

    /// <summary>What a view with a snapshot is worth.</summary>
    /// <param name="view">The view.</param>
    /// <param name="now">Monotonic time.</param>
    public static Outlook Of(ForeignLoad view, TimeSpan now)
    {
        var age = Math.Max(0, (now - view.TakenAt).TotalSeconds);
        var connections = age < LoadLease.Connections.TotalSeconds ? 1 : 0;
        var service = view.Traffic.MeanServiceTime.TotalSeconds;
        // Older than a request is long, a snapshot herds more than it helps: least requests of one's own does better.
        if (age > (service > 0 ? service : CrossoverWhenUnknown))
            return new Outlook(0, 0, connections);
        var unseen = view.Traffic.ForeignArrivalRate * (age + view.RowAge.TotalSeconds);
        return new Outlook(unseen, service > 0 ? Math.Exp(-age / service) : 1, connections);
    }

    /// <summary>The load of a backend as <see cref="LeastRequestsPicker"/> wants it: with the request to place.</summary>
    /// <param name="own">Load of this front-end, never stale.</param>
    /// <param name="foreignRequests">Requests of the others in the snapshot.</param>
    /// <param name="foreignConnections">Connections of the others in the snapshot.</param>
    public double Load(double own, int foreignRequests, int foreignConnections) =>
        1 + own + (Requests * foreignRequests) + (Connections * foreignConnections);
}
