using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Tests.Status;

public sealed class RequestGuardTests : IAsyncLifetime
{
    private StatusHost _host = null!;

    public async ValueTask InitializeAsync() =>
        _host = await StatusHost.StartAsync(static services => services.AddSingleton<IStatusEndpoints, PostEndpoint>(), "--OrleansLb:Status:AllowedHosts:0=lb.example");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("localhost", HttpStatusCode.OK)]
    [InlineData("LOCALHOST:8090", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("10.1.2.3:8090", HttpStatusCode.OK)]
    [InlineData("[::1]:8090", HttpStatusCode.OK)]
    [InlineData("lb.example", HttpStatusCode.OK)]
    [InlineData("evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("localhost.evil.example", HttpStatusCode.MisdirectedRequest)]
    [InlineData("127.0.0.1.evil.example", HttpStatusCode.MisdirectedRequest)]
    public async Task Request_Host_MustBeOurs(string name, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/livez") { Headers = { Host = name } };

        using var response = await SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Request_Http10WithoutHost_IsAnswered() =>
        Assert.StartsWith("HTTP/1.1 200", await RawAsync("GET /livez HTTP/1.0\r\n\r\n"), StringComparison.Ordinal);

    [Theory]
    [InlineData("POST", "/readyz")]
    [InlineData("FROB", "/readyz")]
    [InlineData("GET", "/change")]
    [InlineData("DELETE", "/change")]
    public async Task Request_OtherMethod_Is405(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.MethodNotAllowed, response);
    }

    [Fact]
    public async Task Request_UnknownPath_Is404()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        using var response = await SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.NotFound, response);
    }

    [Fact]
    public async Task Post_Json_IsTaken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/change") { Content = JsonContent.Create(new { value = "new" }) };
        using var response = await SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Post_NoBody_IsTaken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/touch");
        using var response = await SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Post_OtherBody_Is415(string mediaType)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/raw") { Content = new StringContent("{}", Encoding.UTF8, mediaType) };
        using var response = await SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, response);
    }

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task Post_OtherOrigin_Is403(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/touch") { Headers = { { "Origin", origin } } };
        using var response = await SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.Forbidden, response);
    }

    [Fact]
    public async Task Post_OwnOrigin_IsTaken()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/touch") { Headers = { { "Origin", _host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority) } } };
        using var response = await SendAsync(request);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Theory]
    [InlineData("/change")]
    [InlineData("/raw")]
    public async Task Post_OverOneMebibyte_Is413(string path)
    {
        using var content = new StringContent($"\"{new string('x', 1024 * 1024)}\"", MediaTypeHeaderValue.Parse("application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.ExpectContinue = true;
        using var response = await SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, response);
    }

    [Theory]
    [InlineData("""{ "value": """)]
    [InlineData("""{ "value": "a", "value": "b" }""")]
    public async Task Post_BadJson_Is400(string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/change") { Content = new StringContent(json, MediaTypeHeaderValue.Parse("application/json")) };
        using var response = await SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.BadRequest, response);
    }

    [Theory]
    [InlineData(31, HttpStatusCode.OK)]
    [InlineData(32, HttpStatusCode.BadRequest)]
    public async Task Post_Depth_IsAtMost32(int arrays, HttpStatusCode expected)
    {
        var json = $$"""{ "value": "a", "more": {{new string('[', arrays)}}{{new string(']', arrays)}} }""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/change") { Content = new StringContent(json, MediaTypeHeaderValue.Parse("application/json")) };
        using var response = await SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/livez", HttpStatusCode.OK)]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/touch", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/fail", HttpStatusCode.InternalServerError)]
    public async Task Answer_OfWhateverStatus_TellsBrowsersWhatTheyMayDoWithIt(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("no-store", Assert.Single(response.Headers.GetValues("Cache-Control")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("default-src 'self'; frame-ancestors 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
    }

    [Fact]
    public async Task Request_HandlerThrows_Is500WithoutDetails()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fail");
        using var response = await SendAsync(request);

        await AssertProblemAsync(HttpStatusCode.InternalServerError, response);
        Assert.DoesNotContain("secret", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _host.Client.SendAsync(request, TestContext.Current.CancellationToken);

    private static async Task AssertProblemAsync(HttpStatusCode expected, HttpResponseMessage response)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Client.BaseAddress!.Host, _host.Client.BaseAddress.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }
}
