using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>What a limit of concurrency is worth when a front-end is killed whose requests go on at the backend.</summary>
public sealed class SlotTests
{
    private const int Limit = 6;
    private const int HeldByTheDead = 2;

    // A killed front-end keeps its slots for 5 s after its last report, which it sends four times a second.
    private static readonly TimeSpan LeastLease = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Kill_FrontendThatHoldsSlots_OthersGetThemOnlyWhenItsLeaseIsOver()
    {
        var release = new TaskCompletionSource();
        await using var backend = new RecordingBackend(Ports.Next(), HttpStatusCode.OK) { Hold = release.Task };
        await using var cluster = await ProcessCluster.Start(backends: 0, configure: configuration => AddLimitedPool(configuration, backend.Port));
        using var client = new HttpClient();
        Task<HttpResponseMessage>[] Ask(FrontendProcess frontend, int count) =>
            [.. Enumerable.Range(0, count).Select(_ => client.GetAsync(new Uri(frontend.Address, $"/{frontend.Name}"), TestContext.Current.CancellationToken))];
        var (doomed, other) = (cluster.Frontends[0], cluster.Frontends[1]);
        var lost = Ask(doomed, HeldByTheDead);
        await Eventually.Holds("its requests are at the backend", TimeSpan.FromSeconds(30), () => Task.FromResult(backend.Inside == HeldByTheDead), cluster.Logs);

        await doomed.Kill();
        var killed = Stopwatch.GetTimestamp();
        var waiting = Ask(other, 2 * Limit);
        await Eventually.Holds("the other has the whole limit", TimeSpan.FromSeconds(30), () => Task.FromResult(backend.Inside == Limit + HeldByTheDead), cluster.Logs);

        var after = backend.Requests.Where(request => request.Path == $"/{other.Name}").Select(request => Stopwatch.GetElapsedTime(killed, request.At)).ToArray();
        var early = after.Count(static time => time < LeastLease);
        TestContext.Current.SendDiagnosticMessage($"{early} of {Limit} slots at once, the last after {after[Limit - 1].TotalMilliseconds:F0} ms");
        Assert.True(early <= Limit - HeldByTheDead, $"{early} got in while the killed front-end's {HeldByTheDead} slots were its own.");

        release.SetResult();
        Assert.All(await Task.WhenAll(waiting), static answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.InRange(backend.Most, 1, Limit + HeldByTheDead);
        foreach (var request in lost)
            await Assert.ThrowsAsync<HttpRequestException>(() => request);
    }

    private static void AddLimitedPool(JsonObject configuration, int port)
    {
        var pool = configuration["ReverseProxy"]!["Clusters"]!["app"]!.AsObject();
        pool.Remove("HealthCheck");
        pool["Destinations"] = new JsonObject { ["held"] = new JsonObject { ["Address"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/") } };
        pool["OrleansLb"] = new JsonObject { ["MaxConcurrentRequestsPerDestination"] = Limit, ["Queue"] = new JsonObject { ["Timeout"] = "00:01:00" } };
    }
}
