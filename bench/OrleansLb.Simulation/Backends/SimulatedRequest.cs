namespace OrleansLb.Simulation.Backends;

/// <summary>A request from its pick to its end.</summary>
internal struct SimulatedRequest
{
    public const int None = -1;

    /// <summary>The <see cref="Plan"/> of a request that does not end by itself.</summary>
    public const int NoPlan = 0;

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

    /// <summary>Number of the event that will end it; an older one means nothing.</summary>
    public int Plan { get; set; }

    public bool IsOpen { get; set; }
}
