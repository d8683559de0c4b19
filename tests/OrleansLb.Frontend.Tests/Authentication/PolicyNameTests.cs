using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Routes name policies as they do in YARP, and what a name means is up to the front-end.</summary>
public sealed class PolicyNameTests : IDisposable
{
    private const string Route = "ReverseProxy:Routes:app:";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(null, null, HttpStatusCode.OK)]
    [InlineData("staff", null, HttpStatusCode.Unauthorized)]
    [InlineData("STAFF", null, HttpStatusCode.Unauthorized)]
    [InlineData("default", "staff", HttpStatusCode.Unauthorized)]
    [InlineData("anonymous", "staff", HttpStatusCode.OK)]
    public async Task Name_OfARoute_MeansThePolicy(string? name, string? chosen, HttpStatusCode status)
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, chosen);
        await frontend.Configuration.Reaches(await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address).With((Route + "AuthorizationPolicy", name))));
        await Eventually.Is(async () => await Ask(frontend) == status);
        Assert.Equal(status == HttpStatusCode.OK ? 1 : 0, Math.Min(1, backend.Requests));
    }

    [Theory]
    [InlineData("Response:Body", "secret", null, HttpStatusCode.Unauthorized)]
    [InlineData("Redirect:Location", "https://elsewhere.example/", null, HttpStatusCode.Unauthorized)]
    [InlineData("Redirect:Scheme", "http", "app", HttpStatusCode.Unauthorized)]
    // Nobody is asked for a password in plain text.
    [InlineData("Redirect:Scheme", "https", "app", HttpStatusCode.Redirect)]
    public async Task Name_OfARouteThatAnswersByItself_MeansThePolicyToo(string key, string value, string? pool, HttpStatusCode status)
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, chosen: null);
        var answering = TestConfigurations.OnePool(backend.Address).With((Route + "AuthorizationPolicy", "staff"), (Route + "ClusterId", pool), ($"{Route}OrleansLb:{key}", value));
        await frontend.Configuration.Reaches(await cluster.Client.Apply(answering));

        await Eventually.Is(async () => await Ask(frontend) == status);
        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData("AuthorizationPolicy", "nobody", "unknown policy 'nobody'; known: Anonymous, staff")]
    [InlineData("AuthorizationPolicy", "default", "'default' is what OrleansLb:Frontend:Authentication:Default names, and it names none")]
    [InlineData("CorsPolicy", "nobody", "unknown policy 'nobody'; known: Disable, shop")]
    [InlineData("CorsPolicy", "default", "'default' is what OrleansLb:Frontend:Cors:Default names, and it names none")]
    public async Task Name_OfNoPolicy_IsRefusedAndTheConfigurationBeforeStays(string key, string name, string message)
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        await using var frontend = await Start(cluster.Client, chosen: null);
        var version = await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address).With((Route + "AuthorizationPolicy", "staff")));
        await frontend.Configuration.Reaches(version);
        await Eventually.Is(async () => await Ask(frontend) == HttpStatusCode.Unauthorized);

        await cluster.Client.Apply(TestConfigurations.OnePool("http://127.0.0.1:1/").With((Route + key, name)));

        await Eventually.Is(() => frontend.Services.GetFakeLogCollector().GetSnapshot().Any(record => record.Id.Id == 3032 && record.Message.Contains($"{Route}{key}: {message}", StringComparison.Ordinal)));
        Assert.Equal((version, HttpStatusCode.Unauthorized), (frontend.Configuration.Current.Snapshot.Version, await Ask(frontend)));

        await frontend.Configuration.Reaches(await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address)));
        await Eventually.Is(async () => await Ask(frontend) == HttpStatusCode.OK);
    }

    private Task<ClusterFrontend> Start(IGrainFactory cluster, string? chosen)
    {
        var users = Path.Combine(_folder.FullName, "users");
        File.WriteAllText(users, "anna:" + BCrypt.Net.BCrypt.HashPassword("right", 4));
        return ClusterFrontend.Start(_folder.FullName, cluster, static services => services.AddFakeLogging(), settings: new Dictionary<string, string?>
        {
            ["OrleansLb:Frontend:Authentication:Policies:staff:Type"] = "Basic",
            ["OrleansLb:Frontend:Authentication:Policies:staff:File"] = users,
            ["OrleansLb:Frontend:Authentication:Default"] = chosen,
            ["OrleansLb:Frontend:Cors:Policies:shop:Origins:0"] = "https://shop.example.com",
        });
    }

    private static async Task<HttpStatusCode> Ask(ClusterFrontend frontend)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await client.GetAsync(new Uri(frontend.Address, "/id"), Cancellation);
        return answer.StatusCode;
    }
}
