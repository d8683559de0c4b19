namespace OrleansLb.Core.Snapshots;

/// <summary>What a front-end does with a limit, of rate or of concurrency, when it cannot reach the cluster.</summary>
public enum WhenUnreachable
{
    /// <summary>Serve the share of the limit that the last reply stated for this front-end.</summary>
    Share,

    /// <summary>Refuse every request that the limit covers.</summary>
    Deny,

    /// <summary>Admit every request that the limit covers.</summary>
    Allow,
}
