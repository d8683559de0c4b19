using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Shared;

/// <summary>Two silos and two front-ends for many tests: each brings pools of its own, and sees what both front-ends do and what the status API tells.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private const int Round = 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });
    private readonly Dictionary<string, JsonObject> _pools = [];
    private readonly Dictionary<string, Action<JsonObject>> _changes = [];

    internal ProcessCluster Processes { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Processes = await ProcessCluster.Start(silos: 2, backends: 0);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        // Not there when its start failed.
        if (Processes is not null)
            await Processes.DisposeAsync();
    }

    /// <summary>A pool by weighted turns, whose backends are probed five times a second and go out or come back by two probes.</summary>
    internal static JsonObject PoolOf(params IEnumerable<CheckedBackend> backends) => new()
    {
        ["LoadBalancingPolicy"] = "WeightedRoundRobin",
        ["HealthCheck"] = new JsonObject
        {
            ["Active"] = new JsonObject
            {
                ["Enabled"] = true,
                ["Policy"] = "ClusterConsecutiveFailures",
                ["Interval"] = "00:00:00.200",
                ["Timeout"] = "00:00:01",
            },
        },
        ["OrleansLb"] = new JsonObject { ["HealthCheck"] = new JsonObject { ["UnhealthyThreshold"] = 2, ["HealthyThreshold"] = 2 } },
        ["Destinations"] = new JsonObject(backends.Select(static backend =>
            KeyValuePair.Create<string, JsonNode?>(backend.Name, new JsonObject { ["Address"] = backend.Address.ToString() }))),
    };

    /// <summary>Has both front-ends serve further pools, each below a path of its name, and waits until all their backends are up, where they are probed.</summary>
    internal Task Serve(params IEnumerable<(string Name, JsonObject Pool)> pools) => Serve(pools, static _ => { });

    /// <summary>The same of one pool that needs more than a pool in the configuration.</summary>
    internal Task Serve(string name, JsonObject pool, Action<JsonObject> change) => Serve([(name, pool)], change);

    private async Task Serve(IEnumerable<(string Name, JsonObject Pool)> pools, Action<JsonObject> change)
    {
        var names = new List<string>();
        foreach (var (name, pool) in pools)
        {
            _pools.Add(name, pool);
            _changes.Add(name, change);
            names.Add(name);
        }

        Processes.WriteConfiguration(AddPools);
        await Eventually.Holds($"both front-ends serve {string.Join(", ", names)}", Soon, async () => await Status() is { } status && names.All(name => IsServed(status, name)), Processes.Logs);
    }

    /// <summary>Has nobody serve or probe a pool any more, from the next change of the configuration on.</summary>
    internal void Forget(string pool)
    {
        _pools.Remove(pool);
        _changes.Remove(pool);
    }

    /// <summary>Replaces a front-end that has ended by one like it.</summary>
    internal async Task Restart(FrontendProcess ended)
    {
        Processes.Restart(ended);
        await Processes.IsReady();
    }

    internal async Task<PoolAnswer> Ask(int frontend, string pool, string path = "", string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Processes.Frontends[frontend].Address, $"/{pool}/{path}"));
        if (cookie is not null)
            request.Headers.Add("Cookie", cookie);
        using var response = await _client.SendAsync(request);
        return new PoolAnswer((int)response.StatusCode, Header(response, "X-Backend"), Header(response, "Set-Cookie")?.Split(';')[0]);
    }

    /// <summary>Who answers so many requests, one after the other, all of them well.</summary>
    internal async Task<string[]> Answering(int frontend, string pool, int requests = Round)
    {
        var names = new string[requests];
        for (var i = 0; i < requests; i++)
        {
            var answer = await Ask(frontend, pool);
            Assert.True(answer is { Status: 200, Backend: not null }, $"{pool} through front-end {frontend}: {answer}\n{Processes.Logs()}");
            names[i] = answer.Backend!;
        }

        return names;
    }

    /// <summary>How many of so many requests each backend answers.</summary>
    internal async Task<Dictionary<string, int>> Shares(int frontend, string pool, int requests) =>
        (await Answering(frontend, pool, requests)).CountBy(static name => name).ToDictionary();

    /// <summary>Waits until each front-end has heard that a backend is out, from when on no request may reach it.</summary>
    internal Task BothAvoid(string pool, string backend) => ByBoth(async frontend =>
    {
        await Eventually.Holds($"front-end {frontend} sends nothing to {pool}/{backend}", Soon, async () => !(await Answering(frontend, pool)).Contains(backend), Processes.Logs);
        Assert.DoesNotContain(backend, await Answering(frontend, pool, 2 * Round));
    });

    internal Task BothReach(string pool, string backend) => ByBoth(frontend => Eventually.Holds(
        $"front-end {frontend} sends requests to {pool}/{backend}", Soon, async () => (await Answering(frontend, pool)).Contains(backend), Processes.Logs));

    internal static Task ByBoth(Func<int, Task> act) => Task.WhenAll(act(0), act(1));

    internal async Task<JsonNode?> Status() => await Processes.GetStatus();

    /// <summary>A backend as the status shows it.</summary>
    internal async Task<JsonNode> Backend(string pool, string backend) =>
        PoolIn((await Status())!, pool)!["backends"]!.AsArray().Single(node => (string)node!["id"]! == backend)!;

    /// <summary>Waits until a backend is in a state and the status says why.</summary>
    internal Task Becomes(string pool, string backend, string state, string reason) => Shows(pool, backend, $"{state}: {reason}", node =>
        (string)node["state"]! == state && ((string)node["reason"]!).Contains(reason, StringComparison.Ordinal));

    internal async Task Shows(string pool, string backend, string what, Func<JsonNode, bool> condition)
    {
        JsonNode? seen = null;
        await Eventually.Holds($"{pool}/{backend} is {what}", Soon, async () => condition(seen = await Backend(pool, backend)), () => $"It is {seen}.\n{Processes.Logs()}");
    }

    /// <summary>Waits until a backend's history tells of a change, last of all or lately, and the feed of events told the same.</summary>
    internal async Task IsTold(string pool, string backend, StateChange expected, DateTimeOffset since)
    {
        JsonArray history = [];
        JsonNode? change = null;
        await Eventually.Holds(
            $"the history of {pool}/{backend} tells {expected}",
            Soon,
            async () => (change = (history = await History(pool, backend)).FirstOrDefault(expected.Is)) is not null,
            () => $"It tells {history}.\n{Processes.Logs()}");
        Assert.InRange((DateTimeOffset)change!["when"]!, since, DateTimeOffset.UtcNow);
        await Eventually.Holds($"an event of {pool}/{backend} is {change}", Soon, async () =>
            (await Events(pool, "BackendStateChanged")).Any(told => (string)told["backend"]! == backend && JsonNode.DeepEquals(told["change"], change)), Processes.Logs);
    }

    /// <summary>Events of one kind about a pool, oldest first.</summary>
    internal async Task<JsonNode[]> Events(string pool, string kind)
    {
        var told = await Get("/api/v1/events?last=1000");
        return [.. told["events"]!.AsArray().Where(happened => (string?)happened!["pool"] == pool && (string)happened["kind"]! == kind).Select(static happened => happened!)];
    }

    internal async Task Decide(string pool, string backend, string verb)
    {
        using var response = await _client.PostAsync(OnSilo($"/api/v1/pools/{pool}/backends/{backend}/{verb}"), null);
        Assert.True(response.IsSuccessStatusCode, $"{verb} {pool}/{backend}: {response.StatusCode}");
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static JsonNode? PoolIn(JsonNode status, string pool) => status["pools"]!.AsArray().SingleOrDefault(node => (string)node!["id"]! == pool);

    private bool IsServed(JsonNode status, string pool) =>
        status["frontends"]!.AsArray() is { Count: 2 } frontends
        && frontends.All(frontend => (long)frontend!["version"]! == (long)status["version"]!)
        && PoolIn(status, pool) is { } served && HasHeardBoth(served) && (!_pools[pool].ContainsKey("HealthCheck") || AreUp(served));

    // What a front-end tells first is only the level that its later outcomes are compared with.
    private static bool HasHeardBoth(JsonNode pool) => pool["frontends"]!.AsArray().Count == 2;

    // Version 0 is of a pool that has told nobody anything yet: what it finds until then is the beginning of its story and no change.
    private static bool AreUp(JsonNode pool) =>
        (long)pool["eligibilityVersion"]! > 0 && pool["backends"]!.AsArray().All(static backend => (string)backend!["state"]! == "Up");

    private async Task<JsonArray> History(string pool, string backend) =>
        (await Get($"/api/v1/pools/{pool}/backends/{backend}/history"))["changes"]!.AsArray();

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await _client.GetStringAsync(OnSilo(path)))!;

    private Uri OnSilo(string path) => new(Processes.Silos[0].Status, path);

    private void AddPools(JsonObject configuration)
    {
        foreach (var (name, pool) in _pools)
        {
            configuration["ReverseProxy"]!["Routes"]![name] = new JsonObject { ["ClusterId"] = name, ["Match"] = new JsonObject { ["Path"] = $"/{name}/{{**rest}}" } };
            configuration["ReverseProxy"]!["Clusters"]![name] = pool.DeepClone();
            _changes[name](configuration);
        }
    }
}
