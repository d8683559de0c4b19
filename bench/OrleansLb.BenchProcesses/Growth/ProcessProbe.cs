using System.Globalization;

namespace OrleansLb.BenchProcesses.Growth;

/// <summary>Looks at one process from outside: its part of <c>/proc</c>, and its metrics.</summary>
/// <param name="server">The process.</param>
/// <param name="metrics">Where its metrics are.</param>
public sealed class ProcessProbe(ServerProcess server, Uri metrics)
{
    private const string OldestGeneration = "dotnet_gc_collections_total{gc_heap_generation=\"gen2\"}";
    private const string Timers = "dotnet_timer_count";

    /// <summary>What it holds now.</summary>
    /// <param name="client">Asks for the metrics.</param>
    /// <param name="at">Time since the load began.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BenchException">It does not tell one of the metrics.</exception>
    public async Task<ProcessSample> Look(HttpClient client, TimeSpan at, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        var lines = (await client.GetStringAsync(metrics, cancellation)).Split('\n');
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}");
        return new ProcessSample(
            at,
            server.Name,
            server.Memory,
            Directory.GetFileSystemEntries(Path.Combine(folder, "fd")).Length,
            Directory.GetDirectories(Path.Combine(folder, "task")).Length,
            Value(lines, OldestGeneration),
            Value(lines, Timers));
    }

    private static int Value(string[] lines, string metric)
    {
        var line = lines.FirstOrDefault(line => line.StartsWith(metric, StringComparison.Ordinal)) ?? throw new BenchException($"There is no metric {metric}.");
        return (int)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
