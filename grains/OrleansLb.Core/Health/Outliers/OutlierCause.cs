namespace OrleansLb.Core.Health.Outliers;

/// <summary>By which rule a backend stands out.</summary>
public enum OutlierCause
{
    /// <summary>Gateway failures in a row over all front-ends.</summary>
    ConsecutiveFailures,

    /// <summary>A success rate far below the pool's mean.</summary>
    SuccessRate,

    /// <summary>A share of server errors above the configured one.</summary>
    FailurePercentage,

    /// <summary>A mean time to answer far above the pool's median; degrades and never ejects.</summary>
    Latency,
}
