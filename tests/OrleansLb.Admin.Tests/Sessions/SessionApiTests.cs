using System.Net;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Admin.Tests.Sessions;

public sealed class SessionApiTests : IAsyncLifetime
{
    private const string Path = "/api/v1/pools/app/sessions";

    private AdminCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await AdminCluster.StartWithFrontend(
        ("ReverseProxy:Clusters:app:SessionAffinity:Enabled", "true"),
        ("ReverseProxy:Clusters:app:SessionAffinity:Policy", "ClusterSession"),
        ("ReverseProxy:Clusters:app:SessionAffinity:AffinityKeyName", "sid"),
        ("ReverseProxy:Routes:other:ClusterId", "other"),
        ("ReverseProxy:Routes:other:Match:Path", "/other"),
        ("ReverseProxy:Clusters:other:Destinations:a:Address", "http://10.0.0.1/"));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Sessions_AreListedFoundMovedAndRevokedByKeysAlone()
    {
        for (var number = 0; number < 25; number++)
            await Bind($"secret-{number}", number % 2);

        var listed = new List<string>();
        string? next = null;
        do
        {
            var (status, page) = await _cluster.Get($"{Path}?limit=10{(next is null ? "" : $"&after={next}")}");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.DoesNotContain("secret", page!.ToJsonString(), StringComparison.Ordinal);
            listed.AddRange(page["sessions"]!.AsArray().Select(static session => (string)session!["session"]!));
            next = (string?)page["next"];
        }
        while (next is not null);
        Assert.Equal(Enumerable.Range(0, 25).Select(number => KeyOf($"secret-{number}").ToString()).Order(StringComparer.Ordinal), listed);

        var (found, session) = await _cluster.Find(Path, "secret-1");
        Assert.Equal((HttpStatusCode.OK, KeyOf("secret-1").ToString(), "b1"), (found, (string)session!["session"]!, (string)session["backend"]!));
        var moved = await _cluster.Post($"{Path}/{KeyOf("secret-1")}/move?backend=B0");
        Assert.Equal((HttpStatusCode.OK, "b0"), (moved.Status, (string)moved.Body!["backend"]!));
        Assert.NotEqual((string)session["epoch"]!, (string)moved.Body["epoch"]!);
        var revoked = await _cluster.Post($"{Path}/{KeyOf("secret-1")}/revoke");
        Assert.Equal((HttpStatusCode.OK, "b0"), (revoked.Status, (string)revoked.Body!["backend"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Post($"{Path}/{KeyOf("secret-1")}/revoke")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Find(Path, "secret-1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Get($"{Path}/{KeyOf("secret-1")}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _cluster.Get($"{Path}/{KeyOf("secret-2")}")).Status);
    }

    [Fact]
    public async Task Mistakes_AreRefused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Get("/api/v1/pools/none/sessions")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Get("/api/v1/pools/other/sessions")).Status);
        foreach (var query in (string[])["?limit=0", "?limit=1001", "?limit=x", "?limit=1&limit=2", "?after=x", "/xyz"])
            Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Get(Path + query)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Post($"{Path}/{KeyOf("a")}/move")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Post($"{Path}/{KeyOf("a")}/move?backend=none")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Post($"{Path}/find")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Find(Path, null)).Status);
        var broken = new StringContent("{", null, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Send(HttpMethod.Post, $"{Path}/find", content: broken)).Status);
    }

    private SessionKey KeyOf(string value) => new SessionHasher(_cluster.Configuration.Current.Snapshot.Keys.SessionSecret.AsSpan(), "app").Of(value);

    private async Task Bind(string value, int backend)
    {
        var key = KeyOf(value);
        var pool = _cluster.Configuration.Current.Snapshot.Pools["app"];
        var request = new SessionRequest
        {
            FrontendId = "fe-1",
            Incarnation = 1,
            Epoch = 0,
            Session = new SessionId(key.High, key.Low),
            Candidate = pool.Backends[backend].Key.Value,
        };
        await Eventually.Holds("the session is bound", async () =>
            await _cluster.Cluster.Client.GetGrain<ISessionGrain>(ISessionGrain.KeyOf("app", key.Range)).Bind(request) is not null);
    }
}
