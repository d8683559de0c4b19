using System.Globalization;

namespace OrleansLb.ChaosRun;

/// <summary>How times of a run are written.</summary>
internal static class Times
{
    /// <summary>Minutes, seconds and tenths, as <c>12:05.3</c>.</summary>
    public static string Of(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes,3}:{time.Seconds:00}.{time.Milliseconds / 100}");
}
