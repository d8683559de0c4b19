using System.Globalization;

namespace OrleansLb.BenchProcesses.Growth;

/// <summary>
/// Whether a process stays as it is. The first half of the run warms it up; of the second half its end is held against its beginning. What grows by so little that a short run cannot tell it from
/// chance passes: longer runs tell more.
/// </summary>
public static class GrowthVerdict
{
    private const double BytesAnHour = 1e6;

    // What compilers and collectors have not settled yet, the less of it the longer the run.
    private const double UnsettledBytes = 40e6;
    private const int HandleNoise = 12;
    private const int ThreadNoise = 6;
    private const int TimerNoise = 20;

    private static readonly TimeSpan SettlesIn = TimeSpan.FromMinutes(10);

    // Collections of the oldest generation in the last quarter, beside those of the one before.
    private const int CollectionNoise = 3;

    /// <summary>What has grown.</summary>
    /// <param name="samples">Of one process, in order; at least eight.</param>
    public static IEnumerable<string> Misses(IReadOnlyList<ProcessSample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Compare(samples);
    }

    private static IEnumerable<string> Compare(IReadOnlyList<ProcessSample> samples)
    {
        var (name, third, fourth) = (samples[0].Process, Quarter(samples, 2), Quarter(samples, 3));
        var hours = (fourth[0].At - third[0].At).TotalHours;
        var allowed = (BytesAnHour * hours) + (UnsettledBytes * Math.Min(1, SettlesIn / samples[^1].At));
        var before = Median(third, static sample => sample.Memory);
        if (Median(fourth, static sample => sample.Memory) - before is var grown && grown > allowed)
            yield return string.Create(CultureInfo.InvariantCulture, $"{name}: memory grew by {grown / 1e6:F1} MB within {hours * 60:F1} minutes, from {before / 1e6:F0} MB.");
        foreach (var (what, figure, noise) in ((string, Func<ProcessSample, double>, int)[])[
            ("open files", static sample => sample.Handles, HandleNoise),
            ("threads", static sample => sample.Threads, ThreadNoise),
            ("timers", static sample => sample.Timers, TimerNoise)])
        {
            var (least, most) = (Median(third, figure), Median(fourth, figure));
            if (most - least > noise)
                yield return string.Create(CultureInfo.InvariantCulture, $"{name}: {what} grew from {least:F0} to {most:F0}.");
        }

        var (earlier, later) = (Collections(third), Collections(fourth));
        if (later > (2 * earlier) + CollectionNoise)
            yield return string.Create(CultureInfo.InvariantCulture, $"{name}: {later} collections of the oldest generation in the last quarter, {earlier} in the one before.");
    }

    private static int Collections(ProcessSample[] quarter) => quarter[^1].Collections - quarter[0].Collections;

    private static double Median(ProcessSample[] quarter, Func<ProcessSample, double> figure) => quarter.Select(figure).Order().ElementAt(quarter.Length / 2);

    private static ProcessSample[] Quarter(IReadOnlyList<ProcessSample> samples, int number) => [.. samples.Skip(number * samples.Count / 4).Take(samples.Count / 4)];
}
