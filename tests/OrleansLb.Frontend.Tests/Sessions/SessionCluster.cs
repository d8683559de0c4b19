using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Orleans.TestingHost;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Sessions;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Sessions;

/// <summary>Silos, two front-ends with real listeners, and backends that say who they are, in a pool whose sessions are learned.</summary>
internal sealed class SessionCluster : IAsyncDisposable
{
    internal const string Header = "X-Session";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 64 });
    private readonly Dictionary<ClusterFrontend, MetricCollector<long>> _placed = [];

    private readonly Action<IServiceCollection>? _frontend;

    private SessionCluster(InProcessTestCluster silos, Action<IServiceCollection>? frontend) => (Silos, _frontend) = (silos, frontend);

    internal InProcessTestCluster Silos { get; }

    internal List<Backend> Backends { get; } = [];

    internal List<ClusterFrontend> Frontends { get; } = [];

    /// <summary>Sessions that were asked for while it began.</summary>
    internal IEnumerable<string> Settled { get; } = [.. Enumerable.Range(0, 256).Select(static number => $"settling {number}")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="silos">How many silos.</param>
    /// <param name="source">What tells sessions apart.</param>
    /// <param name="configure">What a test changes in each silo.</param>
    /// <param name="frontend">What it changes in each front-end.</param>
    /// <param name="settings">What it adds to the configuration.</param>
    internal static async Task<SessionCluster> Start(
        int silos = 1,
        string source = "Header",
        Action<ISiloBuilder>? configure = null,
        Action<IServiceCollection>? frontend = null,
        params (string Key, string? Value)[] settings)
    {
        var cluster = new SessionCluster(await TestClusters.Start(silos, configure), frontend);
        for (var number = 0; number < 4; number++)
            cluster.Backends.Add(await Backend.Start($"b{number}"));
        var version = await cluster.Silos.Client.Apply(TestConfigurations.OnePool([.. cluster.Backends.Select(static backend => backend.Address)]).With(
        [
            ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "ClusterLeastRequests"),
            ("ReverseProxy:Clusters:app:SessionAffinity:Enabled", "true"),
            ("ReverseProxy:Clusters:app:SessionAffinity:Policy", "ClusterSession"),
            ("ReverseProxy:Clusters:app:SessionAffinity:AffinityKeyName", NameOf(source)),
            ("ReverseProxy:Clusters:app:OrleansLb:Session:Source", source),
            .. settings,
        ]));
        foreach (var id in (string[])["fe-1", "fe-2"])
            cluster.Frontends.Add(await cluster.StartFrontend(id, version));
        await cluster.IsSettled();
        return cluster;
    }

    /// <summary>Replaces a front-end by another process with its id and folder.</summary>
    internal async Task Restart(int index, string id)
    {
        var version = Frontends[index].Configuration.Current.Snapshot.Version;
        await Frontends[index].DisposeAsync();
        Frontends[index] = await StartFrontend(id, version);
    }

    /// <summary>The backend that a request of a session comes to.</summary>
    internal async Task<string> Ask(int frontend, string session)
    {
        using var response = await Send(frontend, session);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    internal Task<HttpResponseMessage> Send(int frontend, string session) => Send(frontend, Header, session);

    internal async Task<HttpResponseMessage> Send(int frontend, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Frontends[frontend].Address, "/id"));
        request.Headers.TryAddWithoutValidation(header, value);
        return await _client.SendAsync(request, Cancellation);
    }

    internal HttpClient Client => _client;

    /// <summary>Requests whose place was found in one way, at all front-ends that live.</summary>
    internal long Placed(string outcome) => _placed.Values.Sum(placed =>
        placed.GetMeasurementSnapshot().Where(measured => Equals(measured.Tags["outcome"], outcome)).Sum(static measured => measured.Value));

    /// <summary>Requests of which a session was known.</summary>
    internal long PlacedInAnyWay => _placed.Values.Sum(static placed => placed.GetMeasurementSnapshot().Sum(static measured => measured.Value));

    internal SessionKey Key(string session) => Memory(0).Hasher(Frontends[0].Configuration.Current.Snapshot.Keys).Of(session);

    internal PoolSessions Memory(int frontend) => Frontends[frontend].Services.GetRequiredService<LearnedSessions>().Of("app");

    internal ISessionGrain Range(SessionKey key) => Silos.Client.GetGrain<ISessionGrain>(ISessionGrain.KeyOf("app", key.Range));

    internal async Task<SessionFinding?> Move(string session, string backend) =>
        await Range(Key(session)).Move(IdOf(session), Pool.Keys[Pool.IndexById[backend]].Value);

    internal async Task<SessionFinding?> Revoke(string session) => await Range(Key(session)).Revoke(IdOf(session));

    internal async Task<string?> Bound(string session) => await Range(Key(session)).Find(IdOf(session)) is { Session: { } found }
        ? Pool.Definition.Backends[Pool.IndexOf(new BackendKey(found.Backend))].Id
        : null;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var frontend in Frontends)
            await frontend.DisposeAsync();
        await Silos.DisposeAsync();
        foreach (var backend in Backends)
            await backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static string NameOf(string source) => source switch
    {
        "Header" => Header,
        "JwtClaim" => "sub",
        _ => "sid",
    };

    private FrontendPool Pool => Frontends[0].Services.GetRequiredService<PoolTable>().Current["app"];

    private SessionId IdOf(string session) => Key(session) is var key ? new SessionId(key.High, key.Low) : default;

    private async Task<ClusterFrontend> StartFrontend(string id, long version)
    {
        var frontend = await ClusterFrontend.Start(Path.Combine(_directory, id), Silos.Client, _frontend, id);
        _placed[frontend] = frontend.Collect(SessionMetrics.MeterName, "orleanslb.session.requests");
        await frontend.Configuration.Reaches(version);
        return frontend;
    }

    // A cluster that just began decides nothing for two seconds.
    private async Task IsSettled()
    {
        foreach (var (number, session) in Settled.Index())
            await Ask(number % 2, session);
        await Eventually.Is(async () => await Range(new SessionKey(0, 0)).Page(null, 1) is not null);
    }
}
