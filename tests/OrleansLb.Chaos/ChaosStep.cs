namespace OrleansLb.Chaos;

/// <summary>A part of a schedule of trouble.</summary>
/// <param name="Length">How long it lasts.</param>
/// <param name="Weather">What happens meanwhile.</param>
/// <param name="CutsAll">Whether all connections are reset when it begins.</param>
public sealed record ChaosStep(TimeSpan Length, ChaosWeather Weather, bool CutsAll = false);
