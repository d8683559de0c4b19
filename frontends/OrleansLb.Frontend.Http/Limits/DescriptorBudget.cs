using System.Globalization;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>
/// How many connections of clients the process can have, by the descriptors that the system grants it. Each may need another one to a backend, and some must be left for silos, probes, files and
/// the status server: a process without descriptors cannot even refuse, and a listener that cannot accept tries again without end.
/// </summary>
internal static class DescriptorBudget
{
    private const string Limits = "/proc/self/limits";
    private const string OpenFiles = "Max open files";
    private const int PercentForClients = 45;

    /// <summary>Most connections of clients at once; <see langword="null"/> where there is no limit or nobody says it.</summary>
    public static long? Connections { get; } = File.Exists(Limits) ? ConnectionsOf(File.ReadLines(Limits)) : null;

    /// <summary>Reads the soft limit as Linux tells it, in lines of a name and two columns.</summary>
    internal static long? ConnectionsOf(IEnumerable<string> limits)
    {
        var line = limits.FirstOrDefault(static line => line.StartsWith(OpenFiles, StringComparison.Ordinal));
        var soft = line?[OpenFiles.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptors) ? Math.Max(1, descriptors * PercentForClients / 100) : null;
    }
}
