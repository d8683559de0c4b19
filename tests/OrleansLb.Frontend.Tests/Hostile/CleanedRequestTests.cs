using System.Net;

namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>Requests that are served, without what their clients have no right to say. Both forwarders do the same.</summary>
public sealed class CleanedRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Fields_ThatSayWhoTheClientIs_AreOursAlone(string forwarder)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(forwarder, backend);
        foreach (var name in (string[])["X-Real-IP", "Forwarded", "X-Forwarded-Client-Cert"])
            Assert.Equal("", await Ask(frontend, name, $"{name}: for=10.0.0.1"));
        Assert.Equal("127.0.0.1", await Ask(frontend, "X-Forwarded-For", "X-Forwarded-For: 10.0.0.1"));
        Assert.Equal("http", await Ask(frontend, "X-Forwarded-Proto", "X-Forwarded-Proto: https"));
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Connection_NamesFieldsThatAreOurs_TheyArriveAllTheSame(string forwarder)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(forwarder, backend);
        Assert.Equal("127.0.0.1", await Ask(frontend, "X-Forwarded-For", "Connection: X-Forwarded-For, Host"));
        Assert.NotEqual("", await Ask(frontend, "Host", "Connection: Host, close"));
    }

    [Theory]
    [InlineData("Direct", "Reject", HttpStatusCode.BadRequest, null)]
    [InlineData("Yarp", "Reject", HttpStatusCode.BadRequest, null)]
    [InlineData("Direct", "Drop", HttpStatusCode.OK, "")]
    [InlineData("Yarp", "Drop", HttpStatusCode.OK, "")]
    [InlineData("Direct", "Allow", HttpStatusCode.OK, "1")]
    [InlineData("Yarp", "Allow", HttpStatusCode.OK, "1")]
    public async Task Underscores_InNames_AreWhatIsConfigured(string forwarder, string action, HttpStatusCode status, string? arrives)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(forwarder, backend, ("UnderscoresInFieldNames", action));
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        client.DefaultRequestHeaders.TryAddWithoutValidation("x_custom", "1");

        using var response = await client.GetAsync("/fields/x_custom", Cancellation);

        Assert.Equal(status, response.StatusCode);
        if (arrives is not null)
            Assert.Equal(arrives, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(arrives is null ? 0 : 1, backend.Requests);
    }

    [Fact]
    public async Task Http2_RequestThatIsRefused_LeavesOthersOfTheConnectionAlone()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http2, DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        for (var time = 0; time < 3; time++)
        {
            using var refused = new HttpRequestMessage(HttpMethod.Get, "/id") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            refused.Headers.TryAddWithoutValidation("x_custom", "1");
            using var response = await client.SendAsync(refused, Cancellation);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal(backend.Id, await client.GetStringAsync("/id", Cancellation));
        }
    }

    [Theory]
    [InlineData("/a/../id")]
    [InlineData("/a/%2e%2E/id")]
    [InlineData("/./id")]
    [InlineData("/../id")]
    public async Task Path_WithDots_IsTheSameToTheBackendAsToUs(string path)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", Cancellation);
        Assert.EndsWith(backend.Id, (await connection.ReadToEnd(Cancellation)).TrimEnd('\r', '\n', '0'), StringComparison.Ordinal);
    }

    private static Task<FrontendHost> Start(string forwarder, Backend backend, params (string Key, string Value)[] settings)
    {
        var all = settings.ToDictionary(static setting => "OrleansLb:Frontend:" + setting.Key, static setting => (string?)setting.Value);
        all["OrleansLb:Frontend:Forwarder"] = forwarder;
        return FrontendHost.Start(new FrontendHostOptions { Settings = all }, backend);
    }

    /// <summary>What the backend sees of a field when a client sends another one.</summary>
    private static async Task<string> Ask(FrontendHost frontend, string name, string sent)
    {
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send($"GET /fields/{name} HTTP/1.0\r\nHost: x\r\n{sent}\r\n\r\n", Cancellation);
        var answer = await connection.ReadToEnd(Cancellation);
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }
}
