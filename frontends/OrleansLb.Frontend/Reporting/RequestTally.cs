using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Routing;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Reporting;

/// <summary>Counts what comes of the requests that this front-end takes while it serves one configuration. Any number of writers and readers, without a lock.</summary>
/// <param name="snapshot">The configuration.</param>
/// <param name="rules">What it says of failures.</param>
/// <param name="clock">Since when it is served.</param>
internal sealed class RequestTally(ClusterSnapshot snapshot, RollbackDefinition rules, TimeProvider clock)
{
    private readonly long _since = clock.GetTimestamp();
    private long _requests;
    private long _failed;

    /// <summary>Which answers are failures.</summary>
    public RollbackDefinition Rules { get; } = rules;

    /// <summary>A request has ended that was taken under this configuration.</summary>
    /// <param name="failed">Whether it failed.</param>
    public void Count(bool failed)
    {
        Interlocked.Increment(ref _requests);
        if (failed)
            Interlocked.Increment(ref _failed);
    }

    /// <summary>Whether a configuration says the same, under another number: only the keys of cookies have changed.</summary>
    /// <param name="other">The other.</param>
    public bool IsOf(ClusterSnapshot other) => other.Digest == snapshot.Digest && other.Version >= snapshot.Version;

    /// <summary>The counts; the failed ones are read first, so that they never seem more than all.</summary>
    public ServedTraffic Report()
    {
        var failed = Interlocked.Read(ref _failed);
        return new ServedTraffic(snapshot.Version, clock.GetElapsedTime(_since), new CountedRequests(Interlocked.Read(ref _requests), failed));
    }
}
