using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Frontend.Cluster;

/// <summary>
/// Whether the cluster answers. Every reply of a grain counts as a sign of life; after <see cref="LostAfter"/> without one the
/// front-end is on its own: it serves from its last snapshot, probes by itself and applies each limit's unreachable policy.
/// </summary>
public sealed partial class ClusterContact([FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<ClusterContact> logger)
{
    /// <summary>Longer than the calls to a killed silo take to fail and its grains to move.</summary>
    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(3);

    private readonly long _started = clock.GetTimestamp();
    private long _lastReply;
    private int _lost;

    /// <summary>Time since the last reply of any grain, or since the start if there was none.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Volatile.Read(ref _lastReply) is var last and not 0 ? last : _started);

    /// <summary>Whether the front-end is on its own.</summary>
    public bool IsLost => Silence > LostAfter;

    /// <summary>Timestamp of the last reply: names the present period of silence. 0 before the first.</summary>
    public long LastReply => Volatile.Read(ref _lastReply);

    /// <summary>Records a reply.</summary>
    public void Made()
    {
        var silence = Silence;
        Volatile.Write(ref _lastReply, clock.GetTimestamp());
        if (Interlocked.Exchange(ref _lost, 0) == 1)
            LogRegained(logger, silence);
    }

    /// <summary>Logs the loss once; called by the heartbeat, which notices it first.</summary>
    public void Check()
    {
        if (IsLost && Interlocked.Exchange(ref _lost, 1) == 0)
            LogLost(logger, Silence);
    }
}
