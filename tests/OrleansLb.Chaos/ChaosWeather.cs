namespace OrleansLb.Chaos;

/// <summary>What a <see cref="ChaosProxy"/> does at a time.</summary>
public sealed record ChaosWeather
{
    /// <summary>Nothing at all.</summary>
    public static ChaosWeather Fair { get; } = new();

    /// <summary>What happens on the way from who connected.</summary>
    public ChaosWay ToTarget { get; init; } = ChaosWay.Fair;

    /// <summary>What happens on the way back.</summary>
    public ChaosWay ToClient { get; init; } = ChaosWay.Fair;

    /// <summary>New connections are reset as soon as they are made.</summary>
    public bool RefusesConnections { get; init; }
}
