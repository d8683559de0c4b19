using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;
using OrleansLb.Core.Networks;
using OrleansLb.Frontend.Tests.Hostile;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Frontend.Tests.Tls;

namespace OrleansLb.Frontend.Tests.Limits;

public sealed class ConnectionLimitTests
{
    private const string Request = "GET /id HTTP/1.1\r\nHost: x\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_OfOneClientBeyondTheLimit_AreEndedAndCounted()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("MaxConnectionsPerClient", "2", backend);
        using var rejected = new MetricCollector<long>(frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");
        using var first = await Served(frontend);
        using (await Served(frontend))
        {
            Assert.Equal("", await Answer(frontend, ""));
            Assert.Equal("limit.connections", Assert.Single(rejected.GetMeasurementSnapshot()).Tags["reason"]);
        }

        // The second has ended, so that there is room for another.
        await Eventually.Is(() => IsServed(frontend));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void ClientOf_Address_IsWhatCountsAsOneClient(string address, string client) =>
        Assert.Equal(IPAddress.Parse(client), ClientNetwork.Of(IPAddress.Parse(address)));

    [Fact]
    public async Task Requests_AsManyAsAreAllowed_EndTheConnectionInGoodOrder()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("MaxRequestsPerConnection", "3", backend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send(Request + Request + Request + Request, Cancellation);
        var answers = (await connection.ReadToEnd(Cancellation)).Split("HTTP/1.1 200 ");
        Assert.Equal([false, false, false, true], answers.Select(static answer => answer.Contains("Connection: close", StringComparison.Ordinal)));
        Assert.Equal(3, backend.Requests);
    }

    [Fact]
    public async Task Requests_OverHttp2AsManyAsAreAllowed_EndTheConnectionByGoAway()
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend.Set("OrleansLb:Frontend:MaxRequestsPerConnection", "3");
        await frontend.Start(backend);
        await using var client = new RawHttp2(await frontend.Open("example.com", static tls => tls.ApplicationProtocols = [SslApplicationProtocol.Http2]));
        await client.Begin();
        foreach (var stream in (int[])[1, 3, 5])
        {
            await client.Send(RawHttp2.Get(stream));
            Assert.Equal(new Http2End("END", 0, stream), await client.Read());
        }

        Assert.Equal(new Http2End("GOAWAY", 0, 0), await client.Read());
        Assert.Equal(3, backend.Requests);
    }

    [Theory]
    [InlineData("MaxConnectionsPerClient")]
    [InlineData("MaxRequestsPerConnection")]
    public async Task Limit_OfNone_EndsTheStartWithItsKey(string key)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => Start(key, "0"));
        Assert.Contains(key, Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    private static Task<FrontendHost> Start(string key, string value, params Backend[] backends) => FrontendHost.Start(
        new FrontendHostOptions { Listeners = [], Settings = new() { ["OrleansLb:Frontend:Urls"] = "http://127.0.0.1:0", [$"OrleansLb:Frontend:{key}"] = value } }, backends);

    private static async Task<bool> IsServed(FrontendHost frontend) =>
        (await Answer(frontend, Request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal))).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);

    private static async Task<string> Answer(FrontendHost frontend, string request)
    {
        try
        {
            using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
            await connection.Send(request, Cancellation);
            return await connection.ReadToEnd(Cancellation);
        }
        catch (Exception failure) when (failure is IOException or SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // One that is ended at once may be reset before the client knows that it was connected, or before all of the request was sent.
            return "";
        }
    }

    private static async Task<RawConnection> Served(FrontendHost frontend)
    {
        var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send(Request, Cancellation);
        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadTo("\r\n\r\n", Cancellation), StringComparison.Ordinal);
        return connection;
    }
}
