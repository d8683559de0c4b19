using System.Globalization;
using OrleansLb.Chaos;

namespace OrleansLb.ChaosRun.Faults;

/// <summary>Trouble on a network, in words.</summary>
internal static class WeatherText
{
    /// <summary>Whether it loses what is under way for good.</summary>
    public static bool Loses(ChaosStep step) => step.CutsAll || step.Weather.RefusesConnections || Loses(step.Weather.ToClient) || Loses(step.Weather.ToTarget);

    public static string Of(ChaosStep step) => step.Weather switch
    {
        { RefusesConnections: true } => "cut and refused",
        { ToTarget.IsBlackHole: true } => "nothing arrives there",
        { ToClient.IsBlackHole: true } => "nothing comes back",
        { ToClient.ResetAfter: { } bytes } => string.Create(CultureInfo.InvariantCulture, $"reset after {bytes} bytes"),
        { ToClient.HalfCloseAfter: { } bytes } => string.Create(CultureInfo.InvariantCulture, $"closed after {bytes} bytes"),
        { ToClient.BytesPerSecond: { } rate } => string.Create(CultureInfo.InvariantCulture, $"{rate} bytes a second"),
        { ToClient: var way } => string.Create(CultureInfo.InvariantCulture, $"late by {way.Delay.TotalMilliseconds:F0} to {(way.Delay + way.Jitter).TotalMilliseconds:F0} ms"),
    };

    private static bool Loses(ChaosWay way) => way.ResetAfter is not null || way.HalfCloseAfter is not null;
}
