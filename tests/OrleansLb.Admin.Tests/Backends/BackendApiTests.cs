using System.Net;
using System.Text.Json.Nodes;

namespace OrleansLb.Admin.Tests.Backends;

public sealed class BackendApiTests : IAsyncLifetime
{
    private const string Api = "/api/v1/pools/app/backends";

    private AdminCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await AdminCluster.Start();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Requests_ThatAreWrong_AreRefusedAndChangeNothing()
    {
        (HttpMethod Method, string Path, HttpStatusCode Expected)[] requests =
        [
            (HttpMethod.Post, "/api/v1/pools/nowhere/backends/b0/drain", HttpStatusCode.NotFound),
            (HttpMethod.Post, $"{Api}/b9/drain", HttpStatusCode.NotFound),
            (HttpMethod.Post, $"{Api}/b0/stop", HttpStatusCode.NotFound),
            (HttpMethod.Post, $"{Api}/b0/drain?timeout=", HttpStatusCode.BadRequest),
            (HttpMethod.Post, $"{Api}/b0/drain?timeout=soon", HttpStatusCode.BadRequest),
            (HttpMethod.Post, $"{Api}/b0/drain?timeout=30", HttpStatusCode.BadRequest),
            (HttpMethod.Post, $"{Api}/b0/drain?timeout=-00:00:01", HttpStatusCode.BadRequest),
            (HttpMethod.Post, $"{Api}/b0/drain?timeout=1.00:00:01", HttpStatusCode.BadRequest),
            (HttpMethod.Post, $"{Api}/b0/drain?timeout=00:01:00&timeout=00:02:00", HttpStatusCode.BadRequest),
            (HttpMethod.Post, $"{Api}/b0/activate?timeout=00:01:00", HttpStatusCode.BadRequest),
            (HttpMethod.Get, $"{Api}/b0/drain", HttpStatusCode.MethodNotAllowed),
            (HttpMethod.Delete, $"{Api}/b0/drain", HttpStatusCode.MethodNotAllowed),
            (HttpMethod.Post, $"{Api}/b0/history", HttpStatusCode.MethodNotAllowed),
            (HttpMethod.Get, "/api/v1/pools/nowhere/backends/b0/history", HttpStatusCode.NotFound),
            (HttpMethod.Get, $"{Api}/b9/history", HttpStatusCode.NotFound),
        ];
        foreach (var (method, path, expected) in requests)
        {
            var (status, body) = await _cluster.Send(method, path);
            Assert.True(status == expected, $"{method} {path}: {status}, not {expected}");
            Assert.Equal((int)expected, (int)body!["status"]!);
        }

        Assert.Null((await Backend())["drain"]);
    }

    [Fact]
    public async Task Post_DrainWithATimeOfItsOwn_IsInTheStatusAndEndsDrained()
    {
        var (status, answer) = await _cluster.Post($"{Api}/b0/drain?timeout=01:30:00");
        Assert.Equal((HttpStatusCode.OK, "app", "b0", "Draining", "01:30:00"), (status, (string)answer!["pool"]!, (string)answer["backend"]!, (string)answer["state"]!, (string)answer["timeout"]!));
        Assert.InRange((double)answer["secondsLeft"]!, 5390, 5400);

        var backend = await Reaches(static backend => (string)backend["state"]! == "Drained");
        Assert.Equal("Drained", (string)backend["drain"]!["phase"]!);
        Assert.InRange((DateTimeOffset)backend["drain"]!["until"]! - (DateTimeOffset)backend["drain"]!["since"]!, TimeSpan.FromMinutes(89.9), TimeSpan.FromMinutes(90.1));
        Assert.Contains("an administrator at", (string)backend["drain"]!["by"]!, StringComparison.Ordinal);
        Assert.False((bool)backend["takesNewSessions"]!);
    }

    [Fact]
    public async Task Post_IdInAnotherCase_IsTheSameBackend()
    {
        var (status, answer) = await _cluster.Post("/api/v1/pools/APP/backends/B0/maintenance");
        Assert.Equal((HttpStatusCode.OK, "app", "b0"), (status, (string)answer!["pool"]!, (string)answer["backend"]!));
        Assert.Null(answer["timeout"]);
        await Reaches(static backend => (string)backend["state"]! == "Maintenance");
    }

    [Fact]
    public async Task Get_History_ShowsChangesNewestFirst()
    {
        await Reaches(static backend => (string)backend["state"]! == "Unknown");
        await _cluster.Post($"{Api}/b1/maintenance");
        await _cluster.Post($"{Api}/b1/activate");

        var changes = await History(2);
        Assert.Equal(["Unknown", "Maintenance"], changes.Select(static change => (string)change!["to"]!));
        Assert.Equal(["Maintenance", "Unknown"], changes.Select(static change => (string)change!["from"]!));
        Assert.All(changes, static change =>
        {
            Assert.Equal("Admin", (string)change!["cause"]!);
            Assert.Contains("an administrator at", (string)change["by"]!, StringComparison.Ordinal);
            Assert.NotEqual("", (string)change["evidence"]!);
            Assert.Equal(1, (int)change["generation"]!);
        });
    }

    private async Task<JsonArray> History(int length)
    {
        JsonArray changes = [];
        await Eventually.Holds($"{length} changes", async () =>
        {
            var (status, body) = await _cluster.Get($"{Api}/b1/history");
            Assert.Equal(HttpStatusCode.OK, status);
            changes = body!["changes"]!.AsArray();
            return changes.Count >= length;
        });
        return changes;
    }

    private async Task<JsonNode> Reaches(Func<JsonNode, bool> condition)
    {
        var backend = await Backend();
        await Eventually.Holds("the backend is as it should", async () => condition(backend = await Backend()));
        return backend;
    }

    private async Task<JsonNode> Backend()
    {
        var (_, body) = await _cluster.Get("/api/v1/status");
        return body!["pools"]![0]!["backends"]![0]!;
    }
}
