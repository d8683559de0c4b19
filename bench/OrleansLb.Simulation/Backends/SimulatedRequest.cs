namespace OrleansLb.Simulation.Backends;

/// <summary>A request from its pick to its end.</summary>
internal struct SimulatedRequest
{
    public const int None = -1;

    public int Frontend { get; init; }

    /// <summary>The life of the front-end that sent it: to the next one it is unknown.</summary>
    public int Life { get; init; }

    public int Backend { get; init; }

    public double Began { get; init; }

    /// <summary>Seconds of work at a backend of slowness 1.</summary>
    public double Work { get; init; }

    /// <summary>Whether it arrived while measuring.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>The request behind it in line.</summary>
    public int Next { get; set; }
}
