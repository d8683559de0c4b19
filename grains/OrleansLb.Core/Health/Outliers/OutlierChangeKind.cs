namespace OrleansLb.Core.Health.Outliers;

/// <summary>What became of a backend.</summary>
public enum OutlierChangeKind
{
    /// <summary>It is out for a time.</summary>
    Ejected,

    /// <summary>Its time is over, or the pool became too small to do without it.</summary>
    Returned,

    /// <summary>Its monitor took it out too, whose probes decide from then on when it is back.</summary>
    LeftToMonitor,

    /// <summary>It is too slow for its full share.</summary>
    Slowed,

    /// <summary>It is as quick as others again.</summary>
    Recovered,
}
