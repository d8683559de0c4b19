namespace OrleansLb.Core.Snapshots;

/// <summary>What a probe asks of a backend and what it wants to hear.</summary>
public abstract record ProbeDefinition
{
    private protected ProbeDefinition()
    {
    }

    /// <summary>Which kind of probe this is.</summary>
    public abstract ProbeType Type { get; }

    /// <summary>Port of the probe; <see langword="null"/> for that of the backend's health address.</summary>
    /// <value>1 to 65,535.</value>
    public int? Port { get; init; }
}
