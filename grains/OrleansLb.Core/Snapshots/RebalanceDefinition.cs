namespace OrleansLb.Core.Snapshots;

/// <summary>How WebSockets are moved from backends that have more of them than their share, such as after a scale-out.</summary>
public sealed record RebalanceDefinition
{
    /// <summary>Connections that all front-ends together end in a second.</summary>
    /// <value>Default 10; 1 to 10,000.</value>
    public int MaxPerSecond { get; init; } = 10;

    /// <summary>By how much more than its share a backend may have.</summary>
    /// <value>Percent; default 20; 1 to 1000.</value>
    public int TolerancePercent { get; init; } = 20;

    /// <summary>How long a connection has been open at least before it is ended.</summary>
    /// <value>Default 1 min; 0 to 1 day.</value>
    public TimeSpan MinAge { get; init; } = TimeSpan.FromMinutes(1);
}
