using System.Globalization;
using System.IO.Hashing;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Balancing;

/// <summary>One cluster for all tests of policies: three backends of weights 5, 1 and 1, and below <c>/POLICY/</c> a pool of them that is balanced by that policy.</summary>
public sealed class PolicyCluster : IAsyncLifetime
{
    // Where both front-ends stand.
    private const string Zone = "here";

    private static readonly string[] Policies =
    [
        "RoundRobin", "Random", "WeightedRoundRobin", "WeightedRandom", "IpHash", "UrlHash", "HeaderHash", "CookieHash", "ConsistentHash", "Maglev",
        "Rendezvous", "BoundedLoadHash", "ClusterLeastRequests", "ClusterPowerOfTwoChoices", "LeastResponseTime", "HotCold",
    ];

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });
    private readonly List<RecordingBackend> _reporting = [];
    private ProcessCluster _cluster = null!;

    /// <summary>Names of the backends, in order; the first has five parts of seven.</summary>
    public IReadOnlyList<string> Names { get; } = ["b1", "b2", "b3"];

    public async ValueTask InitializeAsync() => _cluster = await ProcessCluster.Start(
        configure: AddPools,
        frontendSettings: new Dictionary<string, string> { ["OrleansLb__Frontend__TrustedProxies"] = "127.0.0.1", ["OrleansLb__Frontend__Zone"] = Zone });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _cluster.DisposeAsync();
        foreach (var backend in _reporting)
            await backend.DisposeAsync();
    }

    /// <summary>Sends a request that carries a key in its path, a header, a cookie and the address that it is forwarded for.</summary>
    /// <returns>The backend that answered.</returns>
    public async Task<string> Ask(string policy, int frontend, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_cluster.Frontends[frontend].Address, $"/{policy}/{key}"));
        request.Headers.Add("X-Key", key);
        request.Headers.Add("Cookie", $"other=1; key={key}");
        request.Headers.Add("X-Forwarded-For", AddressOf(key));
        using var response = await _client.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{policy}: {response.StatusCode}\n{_cluster.Logs()}");
        return response.Headers.GetValues("X-Backend").Single();
    }

    /// <summary>An address of its own for each key.</summary>
    private static string AddressOf(string key) => new IPAddress([10, .. XxHash32.Hash(Encoding.UTF8.GetBytes(key))[..3]]).ToString();

    private void AddPools(JsonObject configuration)
    {
        var routes = configuration["ReverseProxy"]!["Routes"]!.AsObject();
        var clusters = configuration["ReverseProxy"]!["Clusters"]!.AsObject();
        var destinations = clusters["app"]!["Destinations"]!;
        destinations["b1"]!["OrleansLb"] = new JsonObject { ["Weight"] = 5 };
        foreach (var policy in Policies)
        {
            routes[policy] = new JsonObject { ["ClusterId"] = policy, ["Match"] = new JsonObject { ["Path"] = $"/{policy}/{{**rest}}" } };
            routes[policy]!["Transforms"] = new JsonArray(new JsonObject { ["PathRemovePrefix"] = $"/{policy}" });
            clusters[policy] = new JsonObject { ["LoadBalancingPolicy"] = policy, ["Destinations"] = destinations.DeepClone() };
            if (HashOf(policy) is { } hash)
                clusters[policy]!["OrleansLb"] = new JsonObject { ["Hash"] = hash };
        }

        AddReportingPool(routes, clusters);
        AddPartedPools(routes, clusters, destinations);
    }

    /// <summary>Pools of which one backend is wanted: by its tier, by its zone, by what the route says of its metadata.</summary>
    private static void AddPartedPools(JsonObject routes, JsonObject clusters, JsonNode destinations)
    {
        JsonObject Add(string name, JsonObject ours)
        {
            routes[name] = new JsonObject { ["ClusterId"] = name, ["Match"] = new JsonObject { ["Path"] = $"/{name}/{{**rest}}" } };
            clusters[name] = new JsonObject { ["LoadBalancingPolicy"] = "RoundRobin", ["OrleansLb"] = ours, ["Destinations"] = destinations.DeepClone() };
            return clusters[name]!["Destinations"]!.AsObject();
        }

        var tiered = Add("Tiered", []);
        tiered["b2"]!["OrleansLb"] = new JsonObject { ["Priority"] = 1 };
        tiered["b3"]!["OrleansLb"] = new JsonObject { ["Priority"] = 1 };
        Add("Zoned", new JsonObject { ["ZonePreference"] = "Prefer" })["b3"]!["OrleansLb"] = new JsonObject { ["Zone"] = Zone };
        Add("Subset", [])["b2"]!["Metadata"] = new JsonObject { ["version"] = "2" };
        routes["Subset"]!["OrleansLb"] = new JsonObject { ["Subset"] = new JsonObject { ["version"] = "2" } };
    }

    /// <summary>Backends without weights that say how much they can serve: 500 requests a second, 100 and 100.</summary>
    private void AddReportingPool(JsonObject routes, JsonObject clusters)
    {
        var destinations = new JsonObject();
        foreach (var (name, rate) in Names.Zip([250, 50, 50]))
        {
            var port = Ports.Next();
            var report = string.Create(CultureInfo.InvariantCulture, $"X-Backend: {name}\r\nendpoint-load-metrics: TEXT cpu_utilization=0.5,rps_fractional={rate}\r\n");
            _reporting.Add(new RecordingBackend(port, HttpStatusCode.OK, report));
            destinations[name] = new JsonObject { ["Address"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/") };
        }

        routes["ResourceBased"] = new JsonObject { ["ClusterId"] = "ResourceBased", ["Match"] = new JsonObject { ["Path"] = "/ResourceBased/{**rest}" } };
        clusters["ResourceBased"] = new JsonObject
        {
            ["LoadBalancingPolicy"] = "ResourceBased",
            ["OrleansLb"] = new JsonObject { ["LoadReports"] = new JsonObject { ["Blackout"] = "00:00:00.200" } },
            ["Destinations"] = destinations,
        };
    }

    private static JsonObject? HashOf(string policy) => policy switch
    {
        "HeaderHash" => new JsonObject { ["Name"] = "X-Key" },
        "CookieHash" => new JsonObject { ["Name"] = "key" },
        "ConsistentHash" or "Rendezvous" => new JsonObject { ["Source"] = "Header", ["Name"] = "X-Key" },
        "Maglev" or "BoundedLoadHash" => new JsonObject { ["Source"] = "Path" },
        _ => null,
    };
}
