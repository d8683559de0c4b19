using System.Numerics;
using System.Runtime.InteropServices;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Balancing;

/// <summary>What a snapshot of the others' load is worth at one moment.</summary>
/// <param name="Unseen">Requests of the other front-ends in flight that are not in the snapshot, as far as can be told; 0 or more.</param>
/// <param name="Requests">The share of the snapshot's requests that have not ended since: 1 when fresh, falling with age.</param>
/// <param name="Connections">The weight of the snapshot's connections: 1 as long as their lease lasts, then 0.</param>
/// <param name="Reckoning">How far the others still reckon with the own requests in the snapshot: 1 when fresh, 0 past one and a half service times.</param>
public readonly record struct Outlook(double Unseen, double Requests, double Connections, double Reckoning)
{
    /// <summary>
    /// Service times after which others have newer snapshots, or follow their own counts: they no longer keep out of the way of what this
    /// front-end had in flight.
    /// </summary>
    /// <remarks>docs/decisions/0001-cluster-least-requests-constants.md has the measurements.</remarks>
    public const double ReckoningTime = 1.5;

    // Taken for the length of a request while none has ended.
    private const double ServiceTimeWhenUnknown = 1;

    /// <summary>No snapshot: a front-end decides from what it has in flight itself.</summary>
    public static Outlook Blind { get; }

    /// <summary>What a view with a snapshot is worth.</summary>
    /// <param name="view">The view.</param>
    /// <param name="now">Monotonic time.</param>
    public static Outlook Of(ForeignLoad view, TimeSpan now) => Of(view, now, ReckoningTime);

    /// <summary>The same by another constant, to measure what that would be worth.</summary>
    /// <param name="view">The view.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="reckoningTime">In the place of <see cref="ReckoningTime"/>, above 0.</param>
    public static Outlook Of(ForeignLoad view, TimeSpan now, double reckoningTime)
    {
        var age = Math.Max(0, (now - view.TakenAt).TotalSeconds);
        var known = view.Traffic.MeanServiceTime.TotalSeconds;
        var service = known > 0 ? known : ServiceTimeWhenUnknown;
        var left = Math.Exp(-age / service);
        // What came since has partly ended too: by Little's law so many of those that came are there at this age.
        var unseen = view.Traffic.ForeignArrivalRate * service * (1 - left);
        var connections = age < LoadLease.Connections.TotalSeconds ? 1 : 0;
        return new Outlook(unseen, left, connections, Math.Max(0, 1 - (age / (reckoningTime * service))));
    }

    /// <summary>The load of a backend as <see cref="LeastRequestsPicker"/> wants it: with the request to place.</summary>
    /// <param name="own">Load of this front-end, never stale.</param>
    /// <param name="foreignRequests">Requests of the others in the snapshot.</param>
    /// <param name="foreignConnections">Connections of the others in the snapshot.</param>
    public double Load(double own, int foreignRequests, int foreignConnections) =>
        1 + own + (Requests * foreignRequests) + (Connections * foreignConnections);

    /// <summary>The load that the other front-ends take a backend to have, with the request to place.</summary>
    /// <param name="foreignRequests">Requests of the others in the snapshot.</param>
    /// <param name="foreignConnections">Connections of the others in the snapshot.</param>
    /// <param name="ownRequests">Requests of this front-end in the snapshot.</param>
    /// <param name="ownConnections">Connections of this front-end in the snapshot.</param>
    public double Known(int foreignRequests, int foreignConnections, int ownRequests, int ownConnections) =>
        1 + (Requests * (foreignRequests + (Reckoning * ownRequests))) + (Connections * (foreignConnections + ownConnections));

    /// <summary><see cref="Load"/> of many backends.</summary>
    /// <param name="view">The snapshot.</param>
    /// <param name="from">Index of the first backend in it.</param>
    /// <param name="own">Per backend, from that one on, the load of this front-end; as many as loads.</param>
    /// <param name="loads">Receives them.</param>
    public void Loads(ForeignLoad view, int from, ReadOnlySpan<double> own, Span<double> loads)
    {
        own = own[..loads.Length];
        var foreignRequests = view.Requests.Slice(from, loads.Length);
        var foreignConnections = view.Connections.Slice(from, loads.Length);
        var wideOwn = MemoryMarshal.Cast<double, Vector<double>>(own);
        var wideLoads = MemoryMarshal.Cast<double, Vector<double>>(loads);
        var (requests, connections) = (new Vector<double>(Requests), new Vector<double>(Connections));
        var blocks = loads.Length / Vector<int>.Count;
        for (var i = 0; i < blocks; i++)
        {
            var (requestsLow, requestsHigh) = Wide(foreignRequests, i);
            var (connectionsLow, connectionsHigh) = Wide(foreignConnections, i);
            wideLoads[2 * i] = Vector<double>.One + wideOwn[2 * i] + (requests * requestsLow) + (connections * connectionsLow);
            wideLoads[(2 * i) + 1] = Vector<double>.One + wideOwn[(2 * i) + 1] + (requests * requestsHigh) + (connections * connectionsHigh);
        }

        for (var i = blocks * Vector<int>.Count; i < loads.Length; i++)
            loads[i] = Load(own[i], foreignRequests[i], foreignConnections[i]);
    }

    /// <summary><see cref="Known"/> of many backends.</summary>
    /// <param name="view">The snapshot.</param>
    /// <param name="from">Index of the first backend in it.</param>
    /// <param name="known">Receives them, of so many backends.</param>
    public void Knowns(ForeignLoad view, int from, Span<double> known)
    {
        var foreignRequests = view.Requests.Slice(from, known.Length);
        var foreignConnections = view.Connections.Slice(from, known.Length);
        var ownRequests = view.OwnRequests.Slice(from, known.Length);
        var ownConnections = view.OwnConnections.Slice(from, known.Length);
        var wideKnown = MemoryMarshal.Cast<double, Vector<double>>(known);
        var (requests, connections, reckoning) = (new Vector<double>(Requests), new Vector<double>(Connections), new Vector<double>(Reckoning));
        var blocks = known.Length / Vector<int>.Count;
        for (var i = 0; i < blocks; i++)
        {
            var (requestsLow, requestsHigh) = Wide(foreignRequests, i);
            var (connectionsLow, connectionsHigh) = Wide(foreignConnections, i);
            var (ownLow, ownHigh) = Wide(ownRequests, i);
            var (keptLow, keptHigh) = Wide(ownConnections, i);
            wideKnown[2 * i] = Vector<double>.One + (requests * (requestsLow + (reckoning * ownLow))) + (connections * (connectionsLow + keptLow));
            wideKnown[(2 * i) + 1] = Vector<double>.One + (requests * (requestsHigh + (reckoning * ownHigh))) + (connections * (connectionsHigh + keptHigh));
        }

        for (var i = blocks * Vector<int>.Count; i < known.Length; i++)
            known[i] = Known(foreignRequests[i], foreignConnections[i], ownRequests[i], ownConnections[i]);
    }

    /// <summary>One block of counts, in the two halves that are as wide as doubles.</summary>
    private static (Vector<double> Low, Vector<double> High) Wide(ReadOnlySpan<int> counts, int block)
    {
        Vector.Widen(new Vector<int>(counts[(block * Vector<int>.Count)..]), out var low, out var high);
        return (Vector.ConvertToDouble(low), Vector.ConvertToDouble(high));
    }
}
