using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>What the direct forwarder leaves to YARP's, and what it does not.</summary>
public sealed class FallbackTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static FrontendHostOptions Transformed => new() { Transforms = [new() { ["RequestHeader"] = "X-A", ["Set"] = "b" }] };

    [Fact]
    public async Task Request_Plain_IsNotLeft()
    {
        Assert.Empty(await Reasons(new FrontendHostOptions()));
        Assert.Empty(await Reasons(new FrontendHostOptions { Transforms = [new() { ["RequestHeaderOriginalHost"] = "true" }] }));
        Assert.Empty(await Reasons(new FrontendHostOptions { Client = new HttpClientConfig { MaxConnectionsPerServer = 3 } }));
    }

    [Fact]
    public async Task Request_OverHttp2_IsNotLeft()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = Http2Client(frontend);
        Assert.Equal("a", await client.GetStringAsync("/id", Cancellation));
        Assert.Empty(counters.Fallbacks);
    }

    [Theory]
    [InlineData("ClusterCookie")]
    [InlineData("HashCookie")]
    [InlineData("CustomHeader")]
    public async Task Cluster_WithSessions_IsNotLeft(string policy) =>
        Assert.Empty(await Reasons(new FrontendHostOptions { Affinity = new SessionAffinityConfig { Enabled = true, Policy = policy, AffinityKeyName = "X-Key", FailurePolicy = "Redistribute" } }));

    [Fact]
    public async Task Route_WithTransforms_IsLeft() => Assert.Equal(["transforms"], await Reasons(Transformed));

    [Theory]
    [InlineData("X-Forwarded", "Append")]
    [InlineData("X-Forwarded", "Off")]
    [InlineData("RequestHeadersCopy", "false")]
    [InlineData("ResponseHeadersCopy", "false")]
    [InlineData("ResponseTrailersCopy", "false")]
    [InlineData("PathPrefix", "/b")]
    [InlineData("ResponseHeaderRemove", "Server")]
    public async Task Route_WithOneTransform_IsLeft(string name, string value) =>
        Assert.Equal(["transforms"], await Reasons(new FrontendHostOptions { Transforms = [new() { [name] = value }] }));

    [Fact]
    public async Task Route_TransformedByAProviderBehindOurs_IsLeft()
    {
        var options = new FrontendHostOptions { Services = static services => services.AddSingleton<ITransformProvider, AddingTransforms>() };
        Assert.Equal(["transforms"], await Reasons(options));
    }

    [Fact]
    public async Task Cluster_WithAProxy_IsLeft() =>
        Assert.Equal(["client"], await Reasons(new FrontendHostOptions { Client = new HttpClientConfig { WebProxy = new WebProxyConfig { BypassOnLocal = true } } }));

    [Fact]
    public async Task Cluster_WithAnEncoding_IsLeft() =>
        Assert.Equal(["client"], await Reasons(new FrontendHostOptions { Client = new HttpClientConfig { RequestHeaderEncoding = "utf-8" } }));

    [Fact]
    public async Task Client_OfSomebodysOwn_IsLeft() =>
        Assert.Equal(["client"], await Reasons(new FrontendHostOptions { Services = static services => services.AddSingleton<IForwarderHttpClientFactory, OwnClientFactory>() }));

    [Fact]
    public async Task Backend_OfAnotherVersion_IsLeft()
    {
        await using var backend = await Backend.Start(protocols: HttpProtocols.Http2);
        Assert.Equal(["version"], await Reasons(new FrontendHostOptions { BackendVersion = HttpVersion.Version20 }, backend.Address));
    }

    [Fact]
    public async Task Backend_BehindTls_IsLeft()
    {
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), new Dictionary<string, string> { ["a"] = "https://127.0.0.1:1/" });
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        Assert.Equal(HttpStatusCode.BadGateway, (await client.GetAsync("/", Cancellation)).StatusCode);
        Assert.Equal(["destination"], counters.Fallbacks);
    }

    [Fact]
    public async Task Upgrade_IsLeft()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET /id HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: something\r\n\r\n", Cancellation);
        await client.ReadTo("\r\n\r\n", Cancellation);
        Assert.Equal(["upgrade"], counters.Fallbacks);
    }

    [Fact]
    public async Task Call_OfGrpc_IsLeft()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = Http2Client(frontend);
        using var body = new ByteArrayContent([]);
        body.Headers.ContentType = new("application/grpc");
        (await client.PostAsync("/nowhere", body, Cancellation)).Dispose();
        Assert.Equal(["grpc"], counters.Fallbacks);
    }

    [Fact]
    public async Task Head_WithOtherThanAscii_IsLeft()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var counters = new ForwardingCounters(frontend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET /id HTTP/1.1\r\nHost: x\r\nX-Name: \xC3\xA9\r\n\r\n", Cancellation);
        Assert.StartsWith("HTTP/1.1 502 ", await client.ReadTo("\r\n\r\n", Cancellation), StringComparison.Ordinal);
        Assert.Equal(["head"], counters.Fallbacks);
    }

    [Fact]
    public async Task Forwarder_Yarp_IsYarps()
    {
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = new() { ["OrleansLb:Frontend:Forwarder"] = "yarp" } }, new Dictionary<string, string>());
        Assert.Equal("StrictForwarder", frontend.Services.GetRequiredService<IHttpForwarder>().GetType().Name);
    }

    [Fact]
    public async Task Forwarder_Unknown_IsRefusedAtTheStart()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(static () => FrontendHost.Start(new FrontendHostOptions { Settings = new() { ["OrleansLb:Frontend:Forwarder"] = "fast" } }, new Dictionary<string, string>()));
        Assert.Contains("OrleansLb:Frontend:Forwarder", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<string[]> Reasons(FrontendHostOptions options, string? address = null)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(options, new Dictionary<string, string> { ["a"] = address ?? backend.Address });
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        (await client.GetAsync("/id", Cancellation)).Dispose();
        return counters.Fallbacks;
    }

    private static HttpClient Http2Client(FrontendHost frontend) => new()
    {
        BaseAddress = frontend.Http2,
        DefaultRequestVersion = HttpVersion.Version20,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
