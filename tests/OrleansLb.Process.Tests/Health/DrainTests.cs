using System.Diagnostics;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Health;

/// <summary>Drains by the status API, of a backend with a session and with a long request from each front-end.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class DrainTests(SharedCluster cluster) : IAsyncLifetime
{
    private const string Held = "held";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly TaskCompletionSource[] _releases = [new(), new()];
    private CheckedBackend[] _backends = [];

    public async ValueTask InitializeAsync()
    {
        _backends = await CheckedBackend.StartMany(3);
        foreach (var backend in _backends)
            backend.OnRequest = context => context.Request.Path.Value!.EndsWith(Held, StringComparison.Ordinal) ? _releases[context.Request.Query.ContainsKey("second") ? 1 : 0].Task.WaitAsync(context.RequestAborted) : Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var backend in _backends)
            await backend.DisposeAsync();
    }

    [Fact]
    public async Task Drain_SessionAndRequestsAtBothFrontends_StayAndItIsDrainedWhenBothHaveNothingLeft()
    {
        const string Pool = "Drain";
        await cluster.Serve((Pool, PoolOf("00:00:30")));
        var session = await SessionAt(Pool, "b1");
        var requests = await HoldAtBoth(Pool, session);

        await cluster.Decide(Pool, "b1", "drain");
        await cluster.BothAvoid(Pool, "b1");
        await SharedCluster.ByBoth(async frontend => Assert.Equal(new PoolAnswer(200, "b1", null), await cluster.Ask(frontend, Pool, cookie: session)));
        await WaitsFor(Pool, "fe-1", "fe-2");
        var drain = (await cluster.Backend(Pool, "b1"))["drain"]!;
        Assert.Equal(("Finishing", false, "an administrator at silo-1"), ((string)drain["phase"]!, (bool)drain["timedOut"]!, (string)drain["by"]!));
        Assert.InRange((DateTimeOffset)drain["until"]! - (DateTimeOffset)drain["since"]!, TimeSpan.FromSeconds(25), TimeSpan.FromSeconds(35));
        await cluster.IsTold(Pool, "b1", new StateChange("Up", "Draining", "Admin", "an administrator at silo-1 said so"), _began);

        _releases[0].SetResult();
        Assert.Equal(new PoolAnswer(200, "b1", null), await requests[0]);
        await WaitsFor(Pool, "fe-2");
        var state = await cluster.Backend(Pool, "b1");
        await cluster.Shows(Pool, "b1", "draining for much longer than an empty one needs", backend => (string)backend["state"]! != "Draining" || (double)backend["inStateSeconds"]! > (double)state["inStateSeconds"]! + 3);
        await WaitsFor(Pool, "fe-2");
        Assert.Empty(await cluster.Events(Pool, "Drained"));

        var released = DateTimeOffset.UtcNow;
        _releases[1].SetResult();
        Assert.Equal(new PoolAnswer(200, "b1", null), await requests[1]);
        await cluster.Shows(Pool, "b1", "drained", static backend => (string)backend["state"]! == "Drained" && backend["drain"] is JsonObject done && (string)done["phase"]! == "Drained" && !(bool)done["timedOut"]!);
        await cluster.IsTold(Pool, "b1", new StateChange("Draining", "Drained", "Admin", "nothing is in flight there"), released);
        Assert.InRange(await WhenTold(Pool, "Drained"), released, DateTimeOffset.UtcNow);
        await SessionLeaves(Pool, session);

        await cluster.Decide(Pool, "b1", "activate");
        await cluster.BothReach(Pool, "b1");
        cluster.Forget(Pool);
    }

    [Fact]
    public async Task Drain_TimeIsOver_WhatIsLeftAtBothFrontendsIsCutOffAndItIsDrained()
    {
        const string Pool = "DrainTimeout";
        await cluster.Serve((Pool, PoolOf("00:00:02")));
        var session = await SessionAt(Pool, "b1");
        var requests = await HoldAtBoth(Pool, session);

        var decided = Stopwatch.GetTimestamp();
        await cluster.Decide(Pool, "b1", "drain");
        foreach (var request in requests)
            await Assert.ThrowsAsync<HttpRequestException>(() => request.WaitAsync(Soon, TestContext.Current.CancellationToken));
        Assert.InRange(Stopwatch.GetElapsedTime(decided), TimeSpan.FromSeconds(1.9), Soon);

        await cluster.Shows(Pool, "b1", "drained in time", static backend => (string)backend["state"]! == "Drained" && (bool)backend["drain"]!["timedOut"]!);
        var timedOut = await WhenTold(Pool, "DrainTimedOut");
        Assert.InRange(await WhenTold(Pool, "Drained"), timedOut, DateTimeOffset.UtcNow);
        await cluster.IsTold(Pool, "b1", new StateChange("Draining", "Drained", "Admin", "nothing is in flight there"), timedOut);
        await SessionLeaves(Pool, session);
        cluster.Forget(Pool);
    }

    private JsonObject PoolOf(string timeout)
    {
        var pool = SharedCluster.PoolOf(_backends);
        pool["OrleansLb"]!["DrainTimeout"] = timeout;
        pool["SessionAffinity"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterCookie", ["AffinityKeyName"] = ".Lb.Session", ["FailurePolicy"] = "Redistribute" };
        return pool;
    }

    private async Task<string> SessionAt(string pool, string backend)
    {
        while (true)
        {
            if (await cluster.Ask(0, pool) is { Cookie: { } cookie } answer && answer.Backend == backend)
                return cookie;
        }
    }

    private async Task<Task<PoolAnswer>[]> HoldAtBoth(string pool, string session)
    {
        Task<PoolAnswer>[] requests = [cluster.Ask(0, pool, Held, session), cluster.Ask(1, pool, $"{Held}?second", session)];
        await cluster.Shows(pool, "b1", "busy", static backend => InFlight(backend, "fe-1") == 1 && InFlight(backend, "fe-2") == 1);
        return requests;
    }

    private static int InFlight(JsonNode backend, string frontend) => (int?)backend["byFrontend"]![frontend]?["requests"] ?? 0;

    private Task WaitsFor(string pool, params string[] frontends) => cluster.Shows(pool, "b1", $"draining until {string.Join(", ", frontends)} have nothing there", backend =>
        (string)backend["state"]! == "Draining" && backend["drain"]!["waitingFor"]!.AsArray().Select(static frontend => (string)frontend!).Order().SequenceEqual(frontends));

    private async Task<DateTimeOffset> WhenTold(string pool, string kind)
    {
        JsonNode[] told = [];
        await Eventually.Holds($"{kind} of {pool} is told", Soon, async () => (told = await cluster.Events(pool, kind)).Length > 0, cluster.Processes.Logs);
        return (DateTimeOffset)told.Single()["when"]!;
    }

    private async Task SessionLeaves(string pool, string session)
    {
        var answers = new PoolAnswer[2];
        await SharedCluster.ByBoth(async frontend => answers[frontend] = await cluster.Ask(frontend, pool, cookie: session));
        Assert.All(answers, static answer => Assert.True(answer is { Status: 200, Cookie: not null, Backend: "b2" or "b3" }, $"{answer}"));
        Assert.Equal(answers[0].Backend, answers[1].Backend);
    }
}
