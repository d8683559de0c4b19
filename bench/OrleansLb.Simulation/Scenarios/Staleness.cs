namespace OrleansLb.Simulation.Scenarios;

/// <summary>When front-ends exchange their load with the pool.</summary>
public readonly record struct Staleness
{
    private readonly double? _interval;

    private Staleness(double? interval) => _interval = interval;

    /// <summary>When the shipped machine says so.</summary>
    public static Staleness RealPace { get; }

    /// <summary>All front-ends before every pick: nothing is ever unseen.</summary>
    public static Staleness None { get; } = new(0);

    /// <summary>Whether the shipped machine sets the pace.</summary>
    public bool IsRealPace => _interval is null;

    /// <summary>Whether every pick knows everything.</summary>
    public bool IsNone => _interval == 0;

    /// <summary>Service times from one exchange of a front-end to its next; 0 at the machine's own pace and for none.</summary>
    public double Interval => _interval ?? 0;

    /// <summary>Each front-end at fixed intervals, out of step with the others.</summary>
    /// <param name="serviceTimes">The interval in mean service times, 0 or more; 0 is <see cref="None"/>.</param>
    public static Staleness Every(double serviceTimes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(serviceTimes);
        return new Staleness(serviceTimes);
    }

    /// <inheritdoc/>
    public override string ToString() => _interval?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "own pace";
}
