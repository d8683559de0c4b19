using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core.Sessions;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Admin.Tests.Sessions;

public sealed class SessionApiTests : IAsyncLifetime
{
    private const string Path = "/api/v1/pools/app/sessions";

    private readonly HttpClient _client = new();
    private AdminCluster _cluster = null!;
    private BeatingFrontend _frontend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IConfigurationView Configuration => _cluster.Service<IConfigurationView>(0);

    public async ValueTask InitializeAsync()
    {
        _cluster = await AdminCluster.Start();
        var version = await _cluster.Cluster.Client.Apply(TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/").With(
            ("ReverseProxy:Clusters:app:SessionAffinity:Enabled", "true"),
            ("ReverseProxy:Clusters:app:SessionAffinity:Policy", "ClusterSession"),
            ("ReverseProxy:Clusters:app:SessionAffinity:AffinityKeyName", "sid"),
            ("ReverseProxy:Routes:other:ClusterId", "other"),
            ("ReverseProxy:Routes:other:Match:Path", "/other"),
            ("ReverseProxy:Clusters:other:Destinations:a:Address", "http://10.0.0.1/")));
        await Configuration.Reaches(version);
        _frontend = await BeatingFrontend.Start(_cluster.Cluster.Client, "fe-1", new SilentFrontend());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _frontend.DisposeAsync();
        await _cluster.DisposeAsync();
    }

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

        var (found, session) = await Find("secret-1");
        Assert.Equal((HttpStatusCode.OK, KeyOf("secret-1").ToString(), "b1"), (found, (string)session!["session"]!, (string)session["backend"]!));
        var moved = await _cluster.Post($"{Path}/{KeyOf("secret-1")}/move?backend=B0");
        Assert.Equal((HttpStatusCode.OK, "b0"), (moved.Status, (string)moved.Body!["backend"]!));
        Assert.NotEqual((string)session["epoch"]!, (string)moved.Body["epoch"]!);
        var revoked = await _cluster.Post($"{Path}/{KeyOf("secret-1")}/revoke");
        Assert.Equal((HttpStatusCode.OK, "b0"), (revoked.Status, (string)revoked.Body!["backend"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Post($"{Path}/{KeyOf("secret-1")}/revoke")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Find("secret-1")).Status);
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
        using var nothing = await _client.PostAsJsonAsync(_cluster.Url($"{Path}/find"), new { value = (string?)null }, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        using var broken = await _client.PostAsync(_cluster.Url($"{Path}/find"), new StringContent("{", null, "application/json"), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    private SessionKey KeyOf(string value) => new SessionHasher(Configuration.Current.Snapshot.Keys.SessionSecret.AsSpan(), "app").Of(value);

    private async Task<(HttpStatusCode Status, JsonNode? Body)> Find(string value)
    {
        using var response = await _client.PostAsJsonAsync(_cluster.Url($"{Path}/find"), new { value }, Cancellation);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation)));
    }

    private async Task Bind(string value, int backend)
    {
        var key = KeyOf(value);
        var pool = Configuration.Current.Snapshot.Pools["app"];
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
