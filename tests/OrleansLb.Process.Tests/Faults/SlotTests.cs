using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>What a limit of requests in flight is worth, of a backend or of a key, when a front-end is killed whose requests go on at the backend.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class SlotTests(SharedCluster cluster)
{
    private const int Limit = 6;
    private const int HeldByTheDead = 2;

    // A killed front-end keeps its slots for 5 s after its last report, which it sends four times a second.
    private static readonly TimeSpan LeastLease = TimeSpan.FromSeconds(4);

    [Fact]
    public Task Kill_FrontendThatHoldsSlotsOfABackend_OthersGetThemOnlyWhenItsLeaseIsOver() => Kill("SlotsOfABackend", LimitDestination, static _ => { });

    [Theory]
    [InlineData("Exact")]
    [InlineData("Leased")]
    [InlineData("Auto")]
    public Task Kill_FrontendThatHoldsSlotsOfAKey_OthersGetThemOnlyWhenItsLeaseIsOver(string mode) => Kill($"Slots{mode}", static _ => { }, configuration => LimitKey(configuration, $"Slots{mode}", mode));

    private async Task Kill(string name, Action<JsonObject> limit, Action<JsonObject> change)
    {
        var release = new TaskCompletionSource();
        await using var backend = new RecordingBackend(Ports.Next(), HttpStatusCode.OK) { Hold = release.Task };
        var pool = Pool(backend.Port);
        limit(pool);
        await cluster.Serve(name, pool, change);
        using var client = new HttpClient();
        Task<HttpResponseMessage>[] Ask(FrontendProcess frontend, int count) => [.. Enumerable.Range(0, count).Select(_ => AskUntilTaken(client, new Uri(frontend.Address, $"/{name}/{frontend.Name}")))];
        var (doomed, other) = (cluster.Processes.Frontends[0], cluster.Processes.Frontends[1]);
        try
        {
            var lost = Ask(doomed, HeldByTheDead);
            await Eventually.Holds("its requests are at the backend", TimeSpan.FromSeconds(30), () => Task.FromResult(backend.Inside == HeldByTheDead), cluster.Processes.Logs);

            await doomed.Kill();
            var killed = Stopwatch.GetTimestamp();
            var waiting = Ask(other, 2 * Limit);
            await Eventually.Holds("the other has the whole limit", TimeSpan.FromSeconds(30), () => Task.FromResult(backend.Inside == Limit + HeldByTheDead), cluster.Processes.Logs);

            var after = backend.Requests.Where(request => request.Path == $"/{name}/{other.Name}").Select(request => Stopwatch.GetElapsedTime(killed, request.At)).ToArray();
            var early = after.Count(static time => time < LeastLease);
            TestContext.Current.SendDiagnosticMessage($"{early} of {Limit} slots at once, the last after {after[Limit - 1].TotalMilliseconds:F0} ms");
            Assert.True(early <= Limit - HeldByTheDead, $"{early} got in while the killed front-end's {HeldByTheDead} slots were its own.");

            release.SetResult();
            Assert.All(await Task.WhenAll(waiting), static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
            Assert.InRange(backend.Most, 1, Limit + HeldByTheDead);
            foreach (var request in lost)
                await Assert.ThrowsAsync<HttpRequestException>(() => request);
        }
        finally
        {
            cluster.Forget(name);
            await doomed.Kill();
            await cluster.Restart(doomed);
        }
    }

    // Who counts a key for the first time gives nothing for some seconds if a front-end vanished lately, which may have had all of it.
    private static async Task<HttpResponseMessage> AskUntilTaken(HttpClient client, Uri address)
    {
        while (true)
        {
            var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
                return answer;
            answer.Dispose();
        }
    }

    private static JsonObject Pool(int port) => new()
    {
        ["LoadBalancingPolicy"] = "ClusterLeastRequests",
        ["Destinations"] = new JsonObject { ["held"] = new JsonObject { ["Address"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/") } },
    };

    private static void LimitDestination(JsonObject pool) => pool["OrleansLb"] = new JsonObject
    {
        ["MaxConcurrentRequestsPerDestination"] = Limit,
        ["Queue"] = new JsonObject { ["Timeout"] = "00:01:00" },
    };

    private static void LimitKey(JsonObject configuration, string name, string mode)
    {
        configuration["ReverseProxy"]!["Routes"]![name]!["RateLimiterPolicy"] = "inFlight";
        configuration["OrleansLb"] = new JsonObject
        {
            ["RateLimiting"] = new JsonObject
            {
                ["Policies"] = new JsonObject
                {
                    ["inFlight"] = new JsonObject
                    {
                        ["Algorithm"] = "Concurrency",
                        ["Mode"] = mode,
                        ["PermitLimit"] = Limit,
                        ["QueueLimit"] = 2 * Limit,
                        ["QueueTimeout"] = "00:01:00",
                        ["Partition"] = "Global",
                    },
                },
            },
        };
    }
}
