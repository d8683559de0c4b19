using System.Globalization;
using OrleansLb.BenchProcesses;

namespace OrleansLb.EdgeBench.Stages;

/// <summary>The backends: one process that listens on a port for each.</summary>
internal static class BackendServer
{
    /// <summary>What backends are asked to see whether they are there.</summary>
    public const string Health = "/health";

    /// <summary>Starts it and waits until it answers.</summary>
    public static async Task<ServerProcess> Start(Premises premises, IReadOnlyList<int> ports, CancellationToken cancellation)
    {
        var own = Path.Combine(AppContext.BaseDirectory, "OrleansLb.EdgeBench");
        var server = premises.Keep(new ServerProcess("backend", own, ["backend", "--ports", .. ports.Select(static port => port.ToString(CultureInfo.InvariantCulture))]));
        await server.Answers(new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports[0]}{Health}")), cancellation);
        return server;
    }
}
