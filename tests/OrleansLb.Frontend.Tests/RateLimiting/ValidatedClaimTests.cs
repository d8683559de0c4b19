using System.Net;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>A limit by a claim, in an application that authenticates.</summary>
public sealed class ValidatedClaimTests : IDisposable
{
    private const string Policy = "OrleansLb:RateLimiting:Policies:perUser";

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Request_TokenIsValidated_CountsItsClaimAndOtherwiseTheAddress()
    {
        await using var backend = await Backend.Start();
        await using var cluster = await TestClusters.Start();
        var version = await cluster.Client.Apply(TestConfigurations.OnePool(backend.Address).With(
            ("ReverseProxy:Routes:app:RateLimiterPolicy", "perUser"),
            ($"{Policy}:Algorithm", "FixedWindow"),
            ($"{Policy}:PermitLimit", "1"),
            ($"{Policy}:Window", "1.00:00:00"),
            ($"{Policy}:Partition", "JwtClaim"),
            ($"{Policy}:PartitionClaim", "sub")));
        await using var frontend = await ClusterFrontend.Start(_directory, cluster.Client, TestTokens.AddTo);
        await frontend.Configuration.Reaches(version);

        HttpStatusCode[] statuses =
        [
            await StatusOf(frontend, "valid anna"), await StatusOf(frontend, "valid anna"), await StatusOf(frontend, "valid otto"),
            await StatusOf(frontend, "forged anna"), await StatusOf(frontend, "forged otto"), await StatusOf(frontend, null),
        ];

        const HttpStatusCode refused = HttpStatusCode.TooManyRequests;
        Assert.Equal([HttpStatusCode.OK, refused, HttpStatusCode.OK, HttpStatusCode.OK, refused, refused], statuses);
    }

    private static async Task<HttpStatusCode> StatusOf(ClusterFrontend frontend, string? token)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Address, "/id"));
        if (token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", token);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
