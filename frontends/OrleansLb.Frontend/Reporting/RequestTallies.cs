using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Reporting;

/// <summary>The tally of the configuration that this front-end routes by. There is none, and nothing is counted, unless that says when it is taken back.</summary>
internal sealed class RequestTallies([FromKeyedServices(Clocks.Key)] TimeProvider clock)
{
    private RequestTally? _current;

    /// <summary>The tally for requests that come now; <see langword="null"/> when none are counted.</summary>
    public RequestTally? Current => Volatile.Read(ref _current);

    /// <summary>Another configuration is routed by.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <returns>Its tally: a new one unless it says what the one before did.</returns>
    public RequestTally? Serve(ClusterSnapshot snapshot)
    {
        if (Current is not { } current || !current.IsOf(snapshot))
            Volatile.Write(ref _current, snapshot.Rollback is { } rules ? new RequestTally(snapshot, rules, clock) : null);
        return Current;
    }

    /// <summary>What the cluster is told; <see langword="null"/> when nothing is counted.</summary>
    public ServedTraffic? Report() => Current?.Report();
}
