using System.Globalization;

namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>Figures as the page shows them.</summary>
internal static class Seen
{
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:F1} s");

    public static string Excess(double permits) => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, permits):F0}");

    public static string Failed(IReadOnlyCollection<RequestOutcome> outcomes) =>
        string.Create(CultureInfo.InvariantCulture, $"{outcomes.Count(static outcome => outcome.Failed)} of {outcomes.Count:N0}");
}
