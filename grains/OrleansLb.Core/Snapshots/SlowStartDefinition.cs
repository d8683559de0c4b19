namespace OrleansLb.Core.Snapshots;

/// <summary>How a backend that joins or comes back is given its traffic bit by bit.</summary>
public sealed record SlowStartDefinition
{
    /// <summary>How long the ramp takes.</summary>
    /// <value>Above zero, 1 h at most.</value>
    public required TimeSpan Window { get; init; }

    /// <summary>Shape of the ramp: 1 is a straight line, more rises faster at first.</summary>
    /// <value>Default 1; 0.1 to 10.</value>
    public double Aggression { get; init; } = 1;

    /// <summary>What a backend starts with.</summary>
    /// <value>Percent of its weight; default 10, 1 to 100.</value>
    public int MinWeightPercent { get; init; } = 10;
}
