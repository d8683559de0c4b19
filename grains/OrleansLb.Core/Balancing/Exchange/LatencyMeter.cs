namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>Mean time to the head of an answer of one backend, the recent past weighing most, and what of it readers were told.</summary>
internal sealed class LatencyMeter
{
    // A news item for every answer would cost more than it tells.
    private const double WorthTelling = 0.05;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    // What nobody has seen for so long is as good as unknown; a policy that avoids what was slow would never see it again.
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(1);

    // Whatever a report says, what is told can be reckoned with.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private double _heads;
    private double _seconds;
    private TimeSpan _at;

    /// <summary>The mean that readers have; zero for none.</summary>
    public TimeSpan Told { get; private set; }

    /// <summary>The version of the totals at which <see cref="Told"/> became what it is.</summary>
    public long Version { get; private set; }

    /// <summary>Takes answers in.</summary>
    /// <returns>Whether the mean moved far enough to be told.</returns>
    public bool Add(in OutcomeCounters grown, TimeSpan now, long version)
    {
        if (grown.Heads <= 0)
            return false;
        var kept = Math.Exp(-(now - _at) / Memory);
        _at = now;
        _heads = (_heads * kept) + grown.Heads;
        _seconds = (_seconds * kept) + grown.HeadTime.TotalSeconds;
        var mean = TimeSpan.FromSeconds(Math.Min(_seconds / _heads, Longest.TotalSeconds));
        return (mean - Told).Duration() > WorthTelling * Told && Tell(mean, version);
    }

    /// <summary>Forgets a backend that has not answered for long.</summary>
    /// <returns>Whether there was something to forget.</returns>
    public bool Expire(TimeSpan now, long version)
    {
        if (Told == TimeSpan.Zero || now - _at < Forgotten)
            return false;
        (_heads, _seconds) = (0, 0);
        return Tell(TimeSpan.Zero, version);
    }

    private bool Tell(TimeSpan mean, long version)
    {
        (Told, Version) = (mean, version);
        return true;
    }
}
