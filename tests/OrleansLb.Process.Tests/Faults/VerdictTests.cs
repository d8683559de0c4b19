using System.Collections.Concurrent;
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
    private const int Backends = 150;
    private const int WarmingUp = 50;
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
        var decided = new ToldChanges(cluster.Silos, DecidedLine());
        var seen = cluster.Frontends.Select(static frontend => new ToldChanges([frontend], SeenLine())).ToArray();
        for (var first = 0; first < Backends; first += AtATime)
        {
            // A front-end that hears of the pool for the first time meanwhile says nothing of what it finds.
            ToldChanges[] told = first < WarmingUp ? [decided] : [decided, .. seen];
            await Turn(cluster, told, backends, first, HttpStatusCode.ServiceUnavailable, "Down");
            await Turn(cluster, told, backends, first, HttpStatusCode.OK, "Up");
        }

        // Processes compile what they use as they go, and better what they use often: what they do meanwhile is of no interest.
        var warmingUp = Enumerable.Range(0, WarmingUp).Select(static i => $"r{i}").ToHashSet();
        var times = decided.Times.Where(change => !warmingUp.Contains(change.Key.Backend)).Select(change => seen.Max(each => each.Times[change.Key]) - change.Value).Order().ToArray();
        foreach (var backend in backends)
            await backend.DisposeAsync();
        Assert.Equal(2 * (Backends - WarmingUp), times.Length);
        var (p50, p90, p99) = (times[times.Length / 2], times[(times.Length * 9 / 10) - 1], times[(times.Length * 99 / 100) - 1]);
        TestContext.Current.SendDiagnosticMessage(
            $"verdict to last of {seen.Length} front-ends, {times.Length} transitions: p50 {p50.TotalMilliseconds:F0} ms, p99 {p99.TotalMilliseconds:F0} ms, worst {times[^1].TotalMilliseconds:F0} ms");
        // One moment in which the machine stands still meets all that change at a time; pushes that are lost would meet more.
        Assert.True(p90 <= Generous, $"p90 of {times.Length} transitions is {p90}.");
    }

    private static async Task Turn(ProcessCluster cluster, ToldChanges[] told, RecordingBackend[] backends, int first, HttpStatusCode status, string state)
    {
        foreach (var backend in backends.AsSpan(first, AtATime))
            backend.Status = status;
        var turned = Enumerable.Range(first, AtATime).Select(i => ($"r{i}", state)).ToArray();
        await Eventually.Holds($"backends from {first} on are {state} everywhere", TimeSpan.FromSeconds(30), () =>
            Task.FromResult(told.All(changes => turned.All(changes.Times.ContainsKey))), cluster.Logs);
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

    [GeneratedRegex(@"^(?<at>\S+) \w+: \S+ Backend app/(?<backend>r\d+) went from (Up to (?<state>Down)|Down to (?<state>Up)): ")]
    private static partial Regex DecidedLine();

    [GeneratedRegex(@"^(?<at>\S+) \w+: \S+ Backend app/(?<backend>r\d+) went from (Up to (?<state>Down)|Down to (?<state>Up)) here\.")]
    private static partial Regex SeenLine();

    /// <summary>When backends first became what they became, by what processes say while they say it: searching their logs again and again would slow them.</summary>
    private sealed class ToldChanges
    {
        public ToldChanges(IEnumerable<ProductProcess> processes, Regex line)
        {
            foreach (var process in processes)
                process.Said += text => Take(line.Match(text));
        }

        public ConcurrentDictionary<(string Backend, string State), DateTimeOffset> Times { get; } = new();

        private void Take(Match match)
        {
            if (match.Success)
                Times.TryAdd((match.Groups["backend"].Value, match.Groups["state"].Value), DateTimeOffset.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture));
        }
    }
}
