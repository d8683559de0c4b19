using System.Net;
using System.Text;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Limits hold against those who guess, and may count by who it is.</summary>
public sealed class LimitOrderTests : IDisposable
{
    private const string Limit = "OrleansLb:RateLimiting:Policies:few:";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Guesses_CountAgainstTheLimitOfTheAddress()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, backend, (Limit + "PermitLimit", "2"), (Limit + "Partition", "ClientIp"));

        HttpStatusCode[] statuses = [await StatusOf(frontend, "anna:1"), await StatusOf(frontend, "anna:2"), await StatusOf(frontend, "anna:right")];

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], statuses);
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Limit_ByAClaim_CountsWhoIsLetInAndNobodyElse()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, backend, (Limit + "PermitLimit", "1"), (Limit + "Partition", "JwtClaim"), (Limit + "PartitionClaim", "sub"));

        HttpStatusCode[] statuses =
        [
            await StatusOf(frontend, "anna:wrong"), await StatusOf(frontend, "anna:right"), await StatusOf(frontend, "anna:right"),
            await StatusOf(frontend, "otto:right"), await StatusOf(frontend, "otto:right"), await StatusOf(frontend, "anna:wrong"),
        ];

        const HttpStatusCode refused = HttpStatusCode.TooManyRequests;
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, refused, HttpStatusCode.OK, refused, HttpStatusCode.Unauthorized], statuses);
        Assert.Equal(2, backend.Requests);
    }

    private async Task<ClusterFrontend> Start(IGrainFactory cluster, Backend backend, params (string Key, string? Value)[] limit)
    {
        var users = Path.Combine(_folder.FullName, "users");
        await File.WriteAllTextAsync(users, string.Join('\n', ((string[])["anna", "otto"]).Select(static user => $"{user}:{BCrypt.Net.BCrypt.HashPassword("right", 4)}")), TestContext.Current.CancellationToken);
        var version = await cluster.Apply(TestConfigurations.OnePool(backend.Address).With(
        [
            ("ReverseProxy:Routes:app:RateLimiterPolicy", "few"), ("ReverseProxy:Routes:app:AuthorizationPolicy", "staff"), (Limit + "Algorithm", "FixedWindow"), (Limit + "Window", "1.00:00:00"), .. limit,
        ]));
        var frontend = await ClusterFrontend.Start(_folder.FullName, cluster, settings: new Dictionary<string, string?>
        {
            ["OrleansLb:Frontend:Authentication:Policies:staff:Type"] = "Basic",
            ["OrleansLb:Frontend:Authentication:Policies:staff:File"] = users,
        });
        await frontend.Configuration.Reaches(version);
        return frontend;
    }

    private static async Task<HttpStatusCode> StatusOf(ClusterFrontend frontend, string pair)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Address, "/id"));
        request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
