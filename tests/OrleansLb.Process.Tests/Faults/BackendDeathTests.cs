using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed partial class BackendDeathTests
{
    private static readonly TimeSpan Bar = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private const string Row = "F5";
    private const string Fault = "kill -9 of one backend of four";

    [Fact]
    public async Task Kill_Backend_NoFrontendSendsItARequestHalfASecondAfterItsFirstRefusal()
    {
        await using var cluster = await ProcessCluster.Start(frontends: 3, backends: 4);
        await using var load = new OpenLoopLoad(200, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        var doomed = cluster.Backends[0];
        // Processes that compile their code as they go and backends that nobody has probed yet are not what the bar is for.
        await Eventually.Holds("every backend is Up and has answered for a while", TimeSpan.FromSeconds(30), async () =>
            cluster.Backends.All(backend => load.Outcomes.Count(outcome => outcome.Backend == backend.Name) >= 300)
            && await cluster.GetStatus() is { } status && cluster.Backends.All(backend => status.StateOf("app", backend.Name) == "Up"), cluster.Logs);

        // Nor is the first death, for which everybody compiles what was never needed before.
        await DieAndReturn(cluster, cluster.Backends[2]);

        await doomed.Kill();
        // 200 requests a second over four backends: the first refusal comes within hundredths of a second. Half a second and a tenth
        // later somebody else listens there; whatever arrives, but for probes, was sent to a backend known to be dead.
        var killed = load.Elapsed;
        await Eventually.Holds("the bar has passed", TimeSpan.FromSeconds(10), () => Task.FromResult(load.Elapsed >= killed + Bar + TimeSpan.FromSeconds(0.1)));
        int sent;
        await using (var grave = new RecordingBackend(doomed.Address.Port, HttpStatusCode.ServiceUnavailable))
        {
            await Eventually.Holds("three seconds have passed", TimeSpan.FromSeconds(10), () => Task.FromResult(load.Elapsed >= killed + TimeSpan.FromSeconds(4)));
            sent = grave.Requests.Count(static request => request.Path != "/health");
            Assert.True(sent == 0, $"{sent} requests were sent to a dead backend.\n{cluster.Logs()}");
            Assert.Equal("Down", (await cluster.GetStatus())?.StateOf("app", doomed.Name));
        }

        var down = load.Elapsed;
        var back = cluster.Restart(doomed);
        await Eventually.Holds("it is Up again after two successes", TimeSpan.FromSeconds(30), async () =>
            (await cluster.GetStatus())?.StateOf("app", back.Name) == "Up", cluster.Logs);
        await Eventually.Holds("it answers again", TimeSpan.FromSeconds(10), () =>
            Task.FromResult(load.Outcomes.Any(outcome => outcome.Backend == back.Name && outcome.At > down)), cluster.Logs);

        var outcomes = await load.Stop();
        // A request that was in flight when the backend died may fail; one that was refused may not.
        var refused = outcomes.Where(outcome => outcome.Failed && outcome.At > killed).ToList();
        FaultFigures.Say(Row, Fault, "failed of those that were sent after it", $"{refused.Count} of {outcomes.Count(outcome => outcome.At > killed)}", "0", "what was not taken goes elsewhere");
        FaultFigures.Say(Row, Fault, "failed of those in flight, all of them idempotent", $"{outcomes.Count(static outcome => outcome.Failed) - refused.Count} of {outcomes.Count}", "0");
        FaultFigures.Say(Row, Fault, "first refusal to the removal at the last of 3 front-ends", $"{(RemovedAt(cluster) - RefusedAt(cluster)).TotalMilliseconds:F0} ms", "500 ms");
        FaultFigures.Say(Row, Fault, "requests that reached its port later than that", $"{sent}", "0");
        Assert.True(refused.Count == 0, $"{refused.Count} of {outcomes.Count} failed after the kill, first: {refused.FirstOrDefault()}");
    }

    [Fact]
    public async Task Probes_MoreFrontends_AreNotMore()
    {
        await using var recording = new RecordingBackend(Ports.Next(), HttpStatusCode.OK);
        await using var cluster = await ProcessCluster.Start(silos: 2, frontends: 1, backends: 1, configure: configuration =>
            configuration["ReverseProxy"]!["Clusters"]!["app"]!["Destinations"]!["probed"] = new System.Text.Json.Nodes.JsonObject
            {
                ["Address"] = $"http://127.0.0.1:{recording.Port}",
            });

        var alone = await ProbesIn(recording, Length);
        cluster.Frontends.AddRange([cluster.StartFrontend("fe-2"), cluster.StartFrontend("fe-3"), cluster.StartFrontend("fe-4")]);
        await cluster.IsReady();
        var together = await ProbesIn(recording, Length);

        TestContext.Current.SendDiagnosticMessage($"{alone} probes in 5 s with one front-end, {together} with four");
        Assert.InRange(alone, 3, 8);
        Assert.InRange(together, 3, 8);
    }

    private static async Task<int> ProbesIn(RecordingBackend backend, TimeSpan length)
    {
        var from = Stopwatch.GetTimestamp();
        await Eventually.Holds($"{length} have passed", length * 3, () => Task.FromResult(Stopwatch.GetElapsedTime(from) >= length));
        return backend.Requests.Count(request => request.At >= from);
    }

    private static async Task DieAndReturn(ProcessCluster cluster, BackendProcess backend)
    {
        await backend.Kill();
        await Eventually.Holds($"{backend.Name} is Down", TimeSpan.FromSeconds(30), async () =>
            (await cluster.GetStatus())?.StateOf("app", backend.Name) == "Down", cluster.Logs);
        cluster.Restart(backend);
        await Eventually.Holds($"{backend.Name} is Up again", TimeSpan.FromSeconds(30), async () =>
            (await cluster.GetStatus())?.StateOf("app", backend.Name) == "Up", cluster.Logs);
    }

    private static DateTimeOffset RefusedAt(ProcessCluster cluster) => cluster.Frontends.SelectMany(static frontend => Times(frontend, RefusalLine())).Min();

    private static DateTimeOffset RemovedAt(ProcessCluster cluster) => cluster.Frontends.Max(static frontend => Times(frontend, RemovalLine()).Min());

    private static IEnumerable<DateTimeOffset> Times(FrontendProcess frontend, Regex line) =>
        line.Matches(frontend.Output).Select(static match => DateTimeOffset.Parse(match.Groups["at"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(?<at>\S+) \w+: \S+ Backend app/b1 refused or reset a connection", RegexOptions.Multiline)]
    private static partial Regex RefusalLine();

    [GeneratedRegex(@"^(?<at>\S+) \w+: \S+ Backend app/b1 went from Up to Down here\.", RegexOptions.Multiline)]
    private static partial Regex RemovalLine();
}
