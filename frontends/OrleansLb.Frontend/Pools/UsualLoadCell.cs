using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Pools;

/// <summary>The usual load of one backend, for any number of threads without a lock. Of two that observe at once one may be lost, or lend its time to the other: they are of one moment.</summary>
internal sealed class UsualLoadCell
{
    private double _mean;
    private long _at;

    /// <summary>Takes in what the backend has now.</summary>
    /// <returns>Its usual load.</returns>
    public double Observe(double load, TimeSpan now)
    {
        var next = new UsualLoad(Volatile.Read(ref _mean), TimeSpan.FromTicks(Volatile.Read(ref _at))).Observe(load, now);
        Volatile.Write(ref _mean, next.Mean);
        Volatile.Write(ref _at, next.At.Ticks);
        return next.Mean;
    }
}
