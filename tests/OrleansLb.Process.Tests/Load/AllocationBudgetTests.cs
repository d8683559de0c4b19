using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>What a front-end may allocate for a request, all its work in the background included. Counted by .NET, so that no machine is too slow for it.</summary>
public sealed class AllocationBudgetTests
{
    private const int Requests = 20_000;
    private const int Clients = 16;
    private const string Counter = "dotnet_gc_heap_total_allocated_bytes_total";

    [Fact]
    public async Task Request_ThroughARealFrontend_KeepsWithinItsBudget()
    {
        await using var cluster = await ProcessCluster.Start(silos: 1, frontends: 1, backends: 2, configure: AddLimitAndCookie);
        var budgets = JsonSerializer.Deserialize<Dictionary<string, double>>(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "budgets", "requests.json"), TestContext.Current.CancellationToken))!;
        Assert.Equal(["limit and cookie", "plain", "upload of 1 KB"], budgets.Keys.Order(StringComparer.Ordinal));
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = Clients });
        var body = new byte[1024];
        var cookie = await Cookie(client, cluster.Frontends[0]);

        await Check("plain", static () => new HttpRequestMessage(HttpMethod.Get, "/"));
        await Check("limit and cookie", () => new HttpRequestMessage(HttpMethod.Get, "/full/") { Headers = { { "Cookie", cookie } } });
        await Check("upload of 1 KB", () => new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent(body) });

        async Task Check(string kind, Func<HttpRequestMessage> request)
        {
            var frontend = cluster.Frontends[0];
            await Ask(client, frontend, request, Requests / 4);
            var before = await Allocated(cluster, frontend);
            await Ask(client, frontend, request, Requests);
            var each = (await Allocated(cluster, frontend) - before) / Requests;
            TestContext.Current.SendDiagnosticMessage($"{kind}: {each:F0} bytes a request, budget {budgets[kind]:F0}");
            Assert.True(each <= budgets[kind], $"{kind}: {each:F0} bytes a request, where bench/budgets/requests.json allows {budgets[kind]:F0}.");
        }
    }

    private static async Task Ask(HttpClient client, FrontendProcess frontend, Func<HttpRequestMessage> create, int count)
    {
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Clients, CancellationToken = TestContext.Current.CancellationToken }, async (_, cancellation) =>
        {
            using var request = create();
            request.RequestUri = new Uri(frontend.Address, request.RequestUri!);
            using var answer = await client.SendAsync(request, cancellation);
            answer.EnsureSuccessStatusCode();
        });
    }

    private static async Task<string> Cookie(HttpClient client, FrontendProcess frontend)
    {
        using var answer = await client.GetAsync(new Uri(frontend.Address, "/full/"), TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<double> Allocated(ProcessCluster cluster, FrontendProcess frontend)
    {
        var metrics = await cluster.TryGet(new Uri(frontend.Status, "/metrics"));
        var line = metrics!.Split('\n').Single(static line => line.StartsWith(Counter, StringComparison.Ordinal));
        return double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static void AddLimitAndCookie(JsonObject configuration)
    {
        var proxy = configuration["ReverseProxy"]!;
        proxy["Routes"]!["full"] = new JsonObject
        {
            ["ClusterId"] = "full",
            ["RateLimiterPolicy"] = "limit",
            ["Match"] = new JsonObject { ["Path"] = "/full/{**rest}" },
        };
        var full = proxy["Clusters"]!["app"]!.DeepClone();
        full["SessionAffinity"] = new JsonObject { ["Enabled"] = true, ["Policy"] = "ClusterCookie", ["AffinityKeyName"] = ".Lb.Budget", ["FailurePolicy"] = "Redistribute" };
        proxy["Clusters"]!["full"] = full;
        var policy = new JsonObject
        {
            ["Algorithm"] = "TokenBucket",
            ["TokenLimit"] = 1_000_000,
            ["TokensPerPeriod"] = 10_000_000,
            ["ReplenishmentPeriod"] = "00:00:01",
            ["Partition"] = "ClientIp",
            ["Mode"] = "Leased",
        };
        configuration["OrleansLb"] = new JsonObject { ["RateLimiting"] = new JsonObject { ["Policies"] = new JsonObject { ["limit"] = policy } } };
    }
}
