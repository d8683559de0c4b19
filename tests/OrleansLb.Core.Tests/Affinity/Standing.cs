namespace OrleansLb.Core.Tests.Affinity;

/// <summary>How a backend stands to sessions.</summary>
public enum Standing
{
    /// <summary>Takes new sessions and keeps its own.</summary>
    Open,

    /// <summary>Keeps its own.</summary>
    Draining,

    /// <summary>Takes none.</summary>
    Closed,
}
