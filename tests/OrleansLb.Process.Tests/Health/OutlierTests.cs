using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Health;

/// <summary>What the outcomes at both front-ends say together, where those of one would not say it.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class OutlierTests(SharedCluster cluster)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Ejection = TimeSpan.FromSeconds(3);

    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;

    [Fact]
    public async Task FailuresInARow_HalfOfThemAtEachFrontend_EjectOnceForBoth()
    {
        const string Pool = "InARow";
        const int Threshold = 6;
        var backends = await CheckedBackend.StartMany(4);
        await cluster.Serve((Pool, PoolOf(backends, new JsonObject { ["ConsecutiveFailures"] = Threshold })));

        backends[0].OnRequest = Answer(StatusCodes.Status503ServiceUnavailable);
        await SharedCluster.ByBoth(frontend => AskUntilItFailed(frontend, Pool, Threshold / 2));
        await cluster.Becomes(Pool, "b1", "Down", $"ejected for 3 s: {Threshold} gateway failures in a row over 2 front-ends");
        await Eventually.Holds("both front-ends have heard of it", Soon, () => Task.FromResult(cluster.Processes.Frontends.All(static frontend =>
            frontend.Output.Contains($"Backend {Pool}/b1 went from Up to Down here.", StringComparison.Ordinal))), cluster.Processes.Logs);
        var arrivals = new ConcurrentQueue<DateTimeOffset>();
        backends[0].OnRequest = _ =>
        {
            arrivals.Enqueue(DateTimeOffset.UtcNow);
            return Task.CompletedTask;
        };
        await SharedCluster.ByBoth(frontend => Eventually.Holds($"front-end {frontend} asks it again", Soon, async () => (await cluster.Answering(frontend, Pool)).Contains("b1"), cluster.Processes.Logs));

        await cluster.IsTold(Pool, "b1", new StateChange("Up", "Down", "Outlier", "in a row over 2 front-ends"), _began);
        await cluster.IsTold(Pool, "b1", new StateChange("Down", "Up", "Outlier", "no longer ejected"), _began);
        var changes = await cluster.Events(Pool, "BackendStateChanged");
        Assert.All(arrivals, at => Assert.InRange(at, WhenTo(changes, "Up"), DateTimeOffset.MaxValue));
        Assert.InRange(WhenTo(changes, "Up") - WhenTo(changes, "Down"), Ejection - TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
        await End(Pool, backends);
    }

    [Fact]
    public async Task FailureShare_OfMoreBackendsThanTheCapAllows_TheCapIsEjectedAtBothFrontends()
    {
        const string Pool = "Capped";
        const int Cap = 2;
        const int Bad = 4;
        var backends = await CheckedBackend.StartMany(10);
        await cluster.Serve((Pool, PoolOf(backends, new JsonObject
        {
            ["ConsecutiveFailures"] = 0,
            ["SuccessRateStdevFactor"] = 0,
            ["Interval"] = "00:00:01",
            ["FailurePercentThreshold"] = 30,
            ["FailurePercentMinimumHosts"] = 2,
            // A backend answers 15 requests in an interval, less than 8 of them to each front-end.
            ["FailurePercentRequestVolume"] = 10,
            ["MaxEjectionPercent"] = 10 * Cap,
        })));
        await using var load = new OpenLoopLoad(150, cluster.Processes.Frontends.Select(static frontend => new Uri(frontend.Address, $"/{Pool}/")));
        await SharedCluster.ByBoth(frontend => Eventually.Holds($"front-end {frontend} carries load", Soon, () => Task.FromResult(Answers(load, frontend, TimeSpan.Zero).Length > 20)));

        var failing = backends[..Bad].Select(static backend => FailingByHalf(backend)).ToArray();
        string[] ejected = [];
        await Eventually.Holds($"{Cap} backends are ejected", Soon, async () => (ejected = await EjectedOf(Pool)).Length == Cap, cluster.Processes.Logs);
        var others = backends.Select(static backend => backend.Name).Except(ejected).Order().ToArray();
        foreach (var name in ejected)
            await cluster.Shows(Pool, name, "ejected", static backend => ((string)backend["reason"]!).Contains("answers were server errors, the limit is 30 %", StringComparison.Ordinal));
        await SharedCluster.ByBoth(frontend => Eventually.Holds($"front-end {frontend} asks the others only", Soon, async () => (await Asked(frontend, Pool)).SequenceEqual(others), cluster.Processes.Logs));

        // Those that the cap spared go on failing for more than an interval.
        var before = failing.Select(static count => count()).ToArray();
        await Eventually.Holds("the spared have failed on", Soon, () => Task.FromResult(failing.Zip(before).Count(static pair => pair.First() >= pair.Second + 15) == Bad - Cap), cluster.Processes.Logs);
        foreach (var backend in backends)
            backend.OnRequest = Answer(StatusCodes.Status200OK);
        await Eventually.Holds("nobody is ejected any more", Soon, async () => (await EjectedOf(Pool)).Length == 0, cluster.Processes.Logs);
        await SharedCluster.ByBoth(frontend => Eventually.Holds($"front-end {frontend} asks all", Soon, async () => (await Asked(frontend, Pool)).Length == backends.Length, cluster.Processes.Logs));
        Assert.Equal(Cap, MostDown(await cluster.Events(Pool, "BackendStateChanged")));
        await load.Stop();
        await End(Pool, backends);
    }

    private static JsonObject PoolOf(CheckedBackend[] backends, JsonObject outlier)
    {
        var pool = SharedCluster.PoolOf(backends);
        pool["HealthCheck"]!["Passive"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterOutlier" };
        outlier["BaseEjection"] = Ejection.ToString();
        pool["OrleansLb"]!["Outlier"] = outlier;
        return pool;
    }

    private static Func<HttpContext, Task> Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Fails every other request from now on.</summary>
    /// <returns>Tells how many were answered since.</returns>
    private static Func<int> FailingByHalf(CheckedBackend backend)
    {
        var answered = 0;
        backend.OnRequest = context => Answer(Interlocked.Increment(ref answered) % 2 == 0 ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError)(context);
        return () => Volatile.Read(ref answered);
    }

    private async Task AskUntilItFailed(int frontend, string pool, int times)
    {
        for (var failed = 0; failed < times;)
        {
            var answer = await cluster.Ask(frontend, pool);
            Assert.Equal(answer.Backend == "b1" ? 503 : 200, answer.Status);
            failed += answer.Status == 503 ? 1 : 0;
        }
    }

    private async Task<string[]> EjectedOf(string pool) =>
    [
        .. (await cluster.Status())!["pools"]!.AsArray().Single(node => (string)node!["id"]! == pool)!["backends"]!.AsArray()
            .Where(static backend => (string)backend!["state"]! == "Down").Select(static backend => (string)backend!["id"]!),
    ];

    /// <summary>Whom a front-end asks in some rounds of turns.</summary>
    private async Task<string[]> Asked(int frontend, string pool)
    {
        var answers = new List<string>();
        while (answers.Count < 30)
            answers.Add((await cluster.Ask(frontend, pool)).Backend!);
        return [.. answers.Distinct().Order()];
    }

    private RequestOutcome[] Answers(OpenLoopLoad load, int frontend, TimeSpan since) =>
        [.. load.Outcomes.Where(outcome => outcome.At > since && outcome.Target.Port == cluster.Processes.Frontends[frontend].Address.Port)];

    private static DateTimeOffset WhenTo(JsonNode[] changes, string state) =>
        (DateTimeOffset)changes.Single(told => (string)told["backend"]! == "b1" && (string?)told["change"]!["from"] is "Up" or "Down" && (string)told["change"]!["to"]! == state)["when"]!;

    private static int MostDown(JsonNode[] changes)
    {
        var down = new HashSet<string>();
        return changes.Max(told =>
        {
            _ = (string?)told["change"]!["to"] == "Down" ? down.Add((string)told["backend"]!) : down.Remove((string)told["backend"]!);
            return down.Count;
        });
    }

    private async Task End(string pool, CheckedBackend[] backends)
    {
        cluster.Forget(pool);
        foreach (var backend in backends)
            await backend.DisposeAsync();
    }
}
