namespace OrleansLb.Contracts.Health;

/// <summary>By which rule a backend stands out, on the wire. Numbers are part of the contract.</summary>
[GenerateSerializer, Alias("OrleansLb.WireOutlierCause")]
public enum WireOutlierCause
{
    /// <summary>Gateway failures in a row over all front-ends.</summary>
    ConsecutiveFailures = 0,

    /// <summary>A success rate far below the pool's mean.</summary>
    SuccessRate = 1,

    /// <summary>A share of server errors above the configured one.</summary>
    FailurePercentage = 2,

    /// <summary>A mean time to answer far above the pool's median.</summary>
    Latency = 3,
}
