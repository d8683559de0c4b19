using Microsoft.AspNetCore.Http;
using OrleansLb.Frontend.Tests.Answers;
using OrleansLb.Frontend.Tests.Mirroring;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>YARP's transforms, as a file says them, through the whole front-end with either forwarder.</summary>
public sealed class TransformTests : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private ShadowBackend _backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _backend = await ShadowBackend.Start(static context =>
    {
        context.Response.Headers["X-Secret"] = "s";
        context.Response.Headers["X-Kept"] = "k";
        context.Response.StatusCode = context.Request.Path.Value!.Contains("missing", StringComparison.Ordinal) ? 404 : 200;
        return context.Response.WriteAsync("done");
    });

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _backend.DisposeAsync();
    }

    [Theory]
    [InlineData("Direct", "/api/a%20b/c?d=e", "/v1/api/a%20b/c?d=e", "PathPrefix", "/v1")]
    [InlineData("Yarp", "/api/a%20b/c?d=e", "/v1/api/a%20b/c?d=e", "PathPrefix", "/v1")]
    [InlineData("Direct", "/api/a/c?d=e", "/a/c?d=e", "PathRemovePrefix", "/api")]
    [InlineData("Yarp", "/api/a/c?d=e", "/a/c?d=e", "PathRemovePrefix", "/api")]
    [InlineData("Direct", "/api/a/c?d=e", "/fixed?d=e", "PathSet", "/fixed")]
    [InlineData("Direct", "/api/a/c", "/new/c/of/a", "PathPattern", "/new/{rest}/of/{part}")]
    [InlineData("Yarp", "/api/a/c", "/new/c/of/a", "PathPattern", "/new/{rest}/of/{part}")]
    [InlineData("Direct", "/api/a/c?d=e&f=g", "/api/a/c?f=g", "QueryRemoveParameter", "d")]
    [InlineData("Direct", "/api/a/c?d=e", "/api/a/c?d=new", "QueryValueParameter", "d", "Set", "new")]
    [InlineData("Direct", "/api/a/c?d=e", "/api/a/c?d=e&part=a", "QueryRouteParameter", "part", "Append", "part")]
    public async Task Target_OfARequest_IsRewritten(string forwarder, string target, string arrives, params string[] transform)
    {
        await using var frontend = await Frontend(forwarder, transform);
        using var answer = await _client.GetAsync(new Uri(frontend.Http1, target), Cancellation);
        Assert.Equal(("done", arrives), (await answer.Content.ReadAsStringAsync(Cancellation), _backend.Requests.Single().Target));
    }

    [Theory]
    [InlineData("Direct", "X-Set", "new", "RequestHeader", "X-Set", "Set", "new")]
    [InlineData("Yarp", "X-Set", "new", "RequestHeader", "X-Set", "Set", "new")]
    [InlineData("Direct", "X-Client", "c, more", "RequestHeader", "X-Client", "Append", "more")]
    [InlineData("Direct", "X-Client", "instead", "RequestHeader", "X-Client", "Set", "instead")]
    [InlineData("Direct", "X-Client", null, "RequestHeaderRemove", "X-Client")]
    [InlineData("Yarp", "X-Client", null, "RequestHeaderRemove", "X-Client")]
    [InlineData("Direct", "X-Part", "a", "RequestHeaderRouteValue", "X-Part", "Set", "part")]
    [InlineData("Direct", "X-Client", null, "RequestHeadersAllowed", "Accept")]
    [InlineData("Direct", "Host", "asked.example", "RequestHeaderOriginalHost", "true")]
    [InlineData("Direct", "Host", "other.example", "RequestHeader", "Host", "Set", "other.example")]
    [InlineData("Direct", "X-Forwarded-For", null, "X-Forwarded", "Off")]
    public async Task Field_OfARequest_IsChanged(string forwarder, string name, string? arrives, params string[] transform)
    {
        await using var frontend = await Frontend(forwarder, transform);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(frontend.Http1, "/api/a/c"));
        request.Headers.Host = "asked.example";
        request.Headers.Add("X-Client", "c");
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal("done", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(arrives, _backend.Requests.Single().Fields.GetValueOrDefault(name));
    }

    [Theory]
    [InlineData("Direct", "c", "X-Set", "new", "ResponseHeader", "X-Set", "Set", "new")]
    [InlineData("Yarp", "c", "X-Set", "new", "ResponseHeader", "X-Set", "Set", "new")]
    [InlineData("Direct", "missing", "X-Set", null, "ResponseHeader", "X-Set", "Set", "new")]
    [InlineData("Direct", "missing", "X-Set", "new", "ResponseHeader", "X-Set", "Set", "new", "When", "Always")]
    [InlineData("Direct", "c", "X-Kept", "k, more", "ResponseHeader", "X-Kept", "Append", "more")]
    [InlineData("Direct", "c", "X-Secret", null, "ResponseHeaderRemove", "X-Secret")]
    [InlineData("Yarp", "c", "X-Secret", null, "ResponseHeaderRemove", "X-Secret")]
    [InlineData("Direct", "c", "X-Secret", null, "ResponseHeadersAllowed", "X-Kept;Content-Length")]
    public async Task Field_OfAnAnswer_IsChanged(string forwarder, string end, string name, string? arrives, params string[] transform)
    {
        await using var frontend = await Frontend(forwarder, transform);
        using var answer = await _client.GetAsync(new Uri(frontend.Http1, $"/api/a/{end}"), Cancellation);
        Assert.Equal("done", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(arrives, answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null);
    }

    [Fact]
    public async Task Transforms_Several_AreDoneInTheirOrderAndWithABody()
    {
        await using var frontend = await ConfiguredFrontend.Start(
            new FrontendHostOptions(),
            [
                .. Settings(), ("Routes:app:Transforms:0:PathRemovePrefix", "/api"), ("Routes:app:Transforms:1:PathPrefix", "/v2"),
                ("Routes:app:Transforms:2:HttpMethodChange", "POST"), ("Routes:app:Transforms:2:Set", "PUT"),
            ]);
        using var content = new StringContent("body");
        using var answer = await _client.PostAsync(new Uri(frontend.Http1, "/api/a/c"), content, Cancellation);
        var sent = _backend.Requests.Single();
        Assert.Equal(("PUT", "/v2/a/c", "body"), (sent.Method, sent.Target, sent.Body));
    }

    private Task<FrontendHost> Frontend(string forwarder, string[] transform) => ConfiguredFrontend.Start(
        new FrontendHostOptions { Settings = new() { ["OrleansLb:Frontend:Forwarder"] = forwarder } },
        [.. Settings(), .. transform.Chunk(2).Select(static pair => ($"Routes:app:Transforms:0:{pair[0]}", (string?)pair[1]))]);

    private IEnumerable<(string Key, string? Value)> Settings() =>
    [
        ("Routes:app:ClusterId", "app"),
        ("Routes:app:Match:Path", "/api/{part}/{**rest}"),
        ("Clusters:app:Destinations:a:Address", _backend.Address),
    ];
}
