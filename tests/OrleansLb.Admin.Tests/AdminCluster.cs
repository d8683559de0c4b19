using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Hosting.Status;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Admin.Tests;

/// <summary>A cluster whose silos serve the status API as the executable does, each on a free port.</summary>
internal sealed class AdminCluster : IAsyncDisposable
{
    private static readonly SettingsDocument Pool = TestConfigurations.OnePool("http://10.0.0.1/", "http://10.0.0.2/");

    private readonly HttpClient _client = new();
    private BeatingFrontend? _frontend;

    private AdminCluster(InProcessTestCluster cluster) => Cluster = cluster;

    public InProcessTestCluster Cluster { get; }

    /// <summary>The configuration that its first silo serves.</summary>
    public IConfigurationView Configuration => Service<IConfigurationView>(0);

    /// <param name="silos">How many silos.</param>
    /// <param name="configure">What a test changes in each silo.</param>
    public static async Task<AdminCluster> Start(int silos = 1, Action<ISiloBuilder>? configure = null)
    {
        var cluster = await TestClusters.Start(silos, silo =>
        {
            silo.Services.AddOrleansLbAdmin();
            silo.Services.Configure<StatusOptions>(static status => status.Url = "http://127.0.0.1:0");
            silo.Services.AddStatusServer(silo.Configuration);
            configure?.Invoke(silo);
        });
        var version = await cluster.Client.Apply(Pool);
        foreach (var silo in cluster.Silos)
            await cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IConfigurationView>().Reaches(version);
        await Eventually.Holds("the pool knows its backends", async () => (await cluster.Client.StatusOf("app")).EligibilityVersion > 0);
        return new AdminCluster(cluster);
    }

    /// <summary>Starts one with a front-end, fe-1.</summary>
    /// <param name="settings">What its configuration has beside the pool.</param>
    public static async Task<AdminCluster> StartWithFrontend(params (string Key, string? Value)[] settings)
    {
        var cluster = await Start();
        await cluster.Configuration.Reaches(await cluster.Cluster.Client.Apply(Pool.With(settings)));
        cluster._frontend = await BeatingFrontend.Start(cluster.Cluster.Client, "fe-1", new SilentFrontend());
        return cluster;
    }

    public T Service<T>(int silo) where T : notnull => Cluster.GetSiloServiceProvider(Cluster.Silos[silo].SiloAddress).GetRequiredService<T>();

    public IEnumerable<T> Services<T>(int silo) => Cluster.GetSiloServiceProvider(Cluster.Silos[silo].SiloAddress).GetServices<T>();

    public Uri Url(string path, int silo = 0) => new(Service<StatusServer>(silo).Address!, path);

    public async Task<(HttpStatusCode Status, JsonNode? Body)> Send(HttpMethod method, string path, int silo = 0, HttpContent? content = null, string? token = null)
    {
        using var request = new HttpRequestMessage(method, Url(path, silo)) { Content = content };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    public Task<(HttpStatusCode Status, JsonNode? Body)> Get(string path, int silo = 0) => Send(HttpMethod.Get, path, silo);

    public Task<(HttpStatusCode Status, JsonNode? Body)> Post(string path, int silo = 0) => Send(HttpMethod.Post, path, silo);

    /// <summary>Looks up what requests call something; that goes in a body.</summary>
    public Task<(HttpStatusCode Status, JsonNode? Body)> Find(string path, string? value) =>
        Send(HttpMethod.Post, $"{path}/find", content: JsonContent.Create(new { value }));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_frontend is not null)
            await _frontend.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}
