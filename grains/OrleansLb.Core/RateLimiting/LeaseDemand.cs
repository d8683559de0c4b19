namespace OrleansLb.Core.RateLimiting;

/// <summary>How much of a key is asked for at one front-end. Asking is for any thread; measuring belongs to the renewing one.</summary>
internal struct LeaseDemand
{
    private long _asked;
    private TimeSpan? _measuredAt;

    /// <summary>Tokens a second, averaged over about half a ttl.</summary>
    public double PerSecond { get; private set; }

    /// <summary>Notes that tokens are asked for.</summary>
    public void Ask(int cost) => Interlocked.Add(ref _asked, cost);

    /// <summary>Tokens that will be asked for within a time.</summary>
    public readonly int Within(TimeSpan time) => (int)Math.Min(int.MaxValue / 2, Math.Ceiling(PerSecond * Math.Max(0, time.TotalSeconds)));

    /// <summary>Takes what was asked for since the last time into the average.</summary>
    public void Measure(TimeSpan now, TimeSpan ttl)
    {
        if (_measuredAt is not { } since)
        {
            _measuredAt = now;
            return;
        }

        var seconds = (now - since).TotalSeconds;
        if (seconds < ttl.TotalSeconds / 1000)
            return;
        _measuredAt = now;
        var rate = Interlocked.Exchange(ref _asked, 0) / seconds;
        PerSecond += (rate - PerSecond) * (1 - Math.Exp(-seconds / (ttl.TotalSeconds / 2)));
    }
}
