using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Admin.Tests.Access;

/// <summary>Who may use which of the API's requests.</summary>
public sealed class ApiAccessTests : IAsyncLifetime
{
    private const string Reader = "olb_reader-0123456789-0123456789-0123456789";
    private const string Administrator = "olb_admin-0123456789-0123456789-0123456789";
    private const string Backend = "/api/v1/pools/app/backends/b0";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-tokens-");
    private AdminCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder.FullName, "tokens");
        await File.WriteAllLinesAsync(file, [Line("watcher read", Reader), Line("ops admin", Administrator)], TestContext.Current.CancellationToken);
        _cluster = await AdminCluster.Start(configure: silo => silo.Services.Configure<StatusOptions>(status => status.Tokens = file));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task EveryRequest_OfTheApi_WantsAToken_AndEveryChangeThatOfAnAdministrator()
    {
        var requests = Requests();
        Assert.Equal(16, requests.Count);
        foreach (var (method, path) in requests)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(method, path, null));
            var isChange = method == HttpMethod.Post && !path.EndsWith("/find", StringComparison.Ordinal);
            Assert.True((await Status(method, path, Reader) == HttpStatusCode.Forbidden) == isChange, $"{method} {path}");
            Assert.True(await Status(method, path, Administrator) is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{method} {path}");
        }
    }

    [Fact]
    public async Task Change_IsToldInTheHistoryWithTheNameOfItsToken()
    {
        Assert.Equal(HttpStatusCode.OK, await Status(HttpMethod.Post, $"{Backend}/maintenance", Administrator));

        await Eventually.Holds("the history has it", async () =>
            (await _cluster.Send(HttpMethod.Get, $"{Backend}/history", token: Reader)).Body?["changes"]?.AsArray()
                .Any(static change => ((string)change!["by"]!).StartsWith("ops at ", StringComparison.Ordinal)) == true);
    }

    [Fact]
    public async Task Find_IsAQuestionAlthoughItIsPosted()
    {
        var (status, body) = await _cluster.Send(HttpMethod.Post, "/api/v1/pools/app/sessions/find", content: JsonContent.Create(new { value = "x" }), token: Reader);

        Assert.Equal((HttpStatusCode.NotFound, "Pool 'app' learns no sessions."), (status, (string)body!["detail"]!));
    }

    /// <summary>Everything that the API serves, as it says itself; an endpoint that is added is asked about too.</summary>
    private List<(HttpMethod Method, string Path)> Requests()
    {
        var routes = new RecordedRoutes(_cluster.Service<IServiceProvider>(0));
        foreach (var endpoints in _cluster.Services<IStatusEndpoints>(0))
            endpoints.Map(routes);
        return [.. routes.DataSources.SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(static endpoint =>
            endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method => (new HttpMethod(method), RecordedRoutes.PathOf(endpoint))))];
    }

    private async Task<HttpStatusCode> Status(HttpMethod method, string path, string? token)
    {
        // The stream of events has no end.
        using var request = new HttpRequestMessage(method, _cluster.Url(path));
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        using var client = new HttpClient();
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static string Line(string who, string token) => $"{who} sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))}";
}
