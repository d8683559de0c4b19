using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>How long a verdict takes from the monitor that makes it to the last front-end that follows it, by the logs of all processes.</summary>
public sealed partial class VerdictTests
{
    // Each goes down and comes back once, because a second time soon after would be damped; and few at a time, because many would be held back.
    private const int Backends = 110;
    private const int AtATime = 10;

    // Ten times the bar, for machines that do other things too; the figure itself is in the test's diagnostic message.
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(0.5);

    [Fact]
    public async Task Verdict_TwoHundredTransitions_ReachesTheLastFrontendSoon()
    {
        var backends = Enumerable.Range(0, Backends).Select(static _ => new RecordingBackend(Ports.Next(), HttpStatusCode.OK)).ToArray();
        await using var cluster = await ProcessCluster.Start(frontends: 4, backends: 0, configure: configuration => Configure(configuration, backends));
        await Eventually.Holds("every backend is Up", TimeSpan.FromSeconds(60), async () =>
            await cluster.GetStatus() is { } status && Enumerable.Range(0, Backends).All(i => status.StateOf("app", $"r{i}") == "Up"), cluster.Logs);
        // Neither what a machine that was busy starting took for down before nor the first turn, whose code is compiled as it goes, is of interest.
        await DownAndUp(cluster, TimeProvider.System.GetUtcNow(), backends, 0);
        var begun = TimeProvider.System.GetUtcNow();
        for (var first = AtATime; first < Backends; first += AtATime)
            await DownAndUp(cluster, begun, backends, first);

        var decided = Changes(cluster.Silos, DecidedLine(), begun);
        var seen = cluster.Frontends.Select(frontend => Changes([frontend], SeenLine(), begun)).ToArray();
        var times = decided.Select(change => seen.Max(each => each[change.Key]) - change.Value).Order().ToArray();
        foreach (var backend in backends)
            await backend.DisposeAsync();
        Assert.Equal(2 * (Backends - AtATime), times.Length);
        var (p50, p99) = (times[times.Length / 2], times[(times.Length * 99 / 100) - 1]);
        TestContext.Current.SendDiagnosticMessage(
            $"verdict to last of {seen.Length} front-ends, {times.Length} transitions: p50 {p50.TotalMilliseconds:F0} ms, p99 {p99.TotalMilliseconds:F0} ms, worst {times[^1].TotalMilliseconds:F0} ms");
        Assert.True(p99 <= Generous, $"p99 of {times.Length} transitions is {p99}.");
    }

    private static async Task DownAndUp(ProcessCluster cluster, DateTimeOffset begun, RecordingBackend[] backends, int first)
    {
        await Turn(cluster, begun, backends, first, HttpStatusCode.ServiceUnavailable, "Down");
        await Turn(cluster, begun, backends, first, HttpStatusCode.OK, "Up");
    }

    private static async Task Turn(ProcessCluster cluster, DateTimeOffset begun, RecordingBackend[] backends, int first, HttpStatusCode status, string state)
    {
        foreach (var backend in backends.AsSpan(first, AtATime))
            backend.Status = status;
        var turned = Enumerable.Range(first, AtATime).Select(i => ($"r{i}", state)).ToArray();
        await Eventually.Holds($"backends from {first} on are {state} at every front-end", TimeSpan.FromSeconds(30), () =>
            Task.FromResult(cluster.Frontends.All(frontend => Changes([frontend], SeenLine(), begun) is var seen && turned.All(seen.ContainsKey))), cluster.Logs);
    }

    private static void Configure(JsonObject configuration, RecordingBackend[] backends)
    {
        var pool = configuration["ReverseProxy"]!["Clusters"]!["app"]!;
        for (var i = 0; i < backends.Length; i++)
            pool["Destinations"]![$"r{i}"] = new JsonObject { ["Address"] = $"http://127.0.0.1:{backends[i].Port}" };
        pool["OrleansLb"] = new JsonObject
        {
            ["HealthCheck"] = new JsonObject { ["UnhealthyThreshold"] = 1, ["HealthyThreshold"] = 1 },
        };
    }

    /// <summary>When backends first became what they became, by what logs say.</summary>
    private static Dictionary<(string Backend, string State), DateTimeOffset> Changes(IEnumerable<ProductProcess> processes, Regex line, DateTimeOffset since) =>
        processes.SelectMany(process => line.Matches(process.Output))
            .Select(static match => (
                Change: (match.Groups["backend"].Value, match.Groups["state"].Value),
                At: DateTimeOffset.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture)))
            .Where(change => change.At >= since)
            .GroupBy(static change => change.Change, static change => change.At)
            .ToDictionary(static group => group.Key, static group => group.Min());

    [GeneratedRegex(@"^(?<at>\S+) \w+: \S+ Backend app/(?<backend>r\d+) went from (Up to (?<state>Down)|Down to (?<state>Up)): ", RegexOptions.Multiline)]
    private static partial Regex DecidedLine();

    [GeneratedRegex(@"^(?<at>\S+) \w+: \S+ Backend app/(?<backend>r\d+) went from (Up to (?<state>Down)|Down to (?<state>Up)) here\.", RegexOptions.Multiline)]
    private static partial Regex SeenLine();
}
