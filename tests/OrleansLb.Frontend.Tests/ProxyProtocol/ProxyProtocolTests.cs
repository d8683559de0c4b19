using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Options;

namespace OrleansLb.Frontend.Tests.ProxyProtocol;

/// <summary>Connections of a proxy in front, as they are on the wire.</summary>
public sealed class ProxyProtocolTests
{
    private const string Line = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n";
    private const string Binary = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\x02\x07\xc6\x33\x64\x01\xdc\x04\x01\xbb";
    private const string Request = "GET /fields/X-Forwarded-For HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Line)]
    [InlineData(Binary)]
    public async Task Header_OfAListedProxy_IsWhoTheClientIs(string header)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("10.0.0.0/8, 127.0.0.1", backend);
        Assert.Contains("192.0.2.7", await Send(frontend, header + Request), StringComparison.Ordinal);
        // What it says of itself beside that is not believed.
        var told = await Send(frontend, header + Request.Replace("\r\n\r\n", "\r\nX-Forwarded-For: 203.0.113.9\r\n\r\n", StringComparison.Ordinal));
        Assert.Contains("192.0.2.7", told, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.9", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0")]
    public async Task Header_ThatNamesNobody_LeavesWhoIsConnected(string header)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("127.0.0.1", backend);
        Assert.Contains("127.0.0.1", await Send(frontend, header + Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Header_InPieces_IsReadWhole()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("127.0.0.1", backend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        foreach (var piece in (Binary + Request).Chunk(3))
            await connection.Send(new string(piece), Cancellation);
        Assert.Contains("192.0.2.7", await connection.ReadToEnd(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Request)]
    [InlineData("PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n" + Request)]
    [InlineData("PROXY TCP4")]
    public async Task Connection_OfAListedProxyThatBeginsOtherwise_IsEndedAndCounted(string bytes)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("127.0.0.1", backend);
        using var rejected = Rejected(frontend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send(bytes, Cancellation);
        connection.End();
        Assert.Equal("", await connection.ReadToEnd(Cancellation));
        Assert.Equal(("tcp", "proxy.header"), (Assert.Single(rejected.GetMeasurementSnapshot()).Tags["surface"], rejected.GetMeasurementSnapshot()[0].Tags["reason"]));
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task Connection_OfAListedProxyThatSaysNothing_IsEndedInTime()
    {
        await using var frontend = await Start("127.0.0.1");
        using var rejected = Rejected(frontend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        var end = connection.ReadToEnd(Cancellation);
        await LoadBalancing.Eventually.Is(() =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(1));
            return end.IsCompleted;
        });
        Assert.Equal("", await end);
        Assert.Equal("proxy.timeout", Assert.Single(rejected.GetMeasurementSnapshot()).Tags["reason"]);
    }

    /// <summary>Whoever may choose would choose who he is.</summary>
    [Theory]
    [InlineData(Line)]
    [InlineData(Binary)]
    public async Task Header_OfAnybodyElse_IsNoRequest(string header)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("10.0.0.0/8", backend);
        Assert.DoesNotContain("192.0.2.7", await Send(frontend, header + Request), StringComparison.Ordinal);
        Assert.Equal(0, backend.Requests);
        Assert.Contains("127.0.0.1", await Send(frontend, Request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Network_ThatIsNone_EndsTheStartWithItsKey()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => Start("10.0.0.0/99"));
        Assert.Contains("'10.0.0.0/99' is neither a network such as 10.0.0.0/8 nor an address", Assert.Single(failure.Failures), StringComparison.Ordinal);
        Assert.Contains("ProxyProtocol", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    private static Task<FrontendHost> Start(string proxies, params Backend[] backends) => FrontendHost.Start(
        new FrontendHostOptions { Listeners = [], Settings = new() { ["OrleansLb:Frontend:Urls"] = "http://127.0.0.1:0", ["OrleansLb:Frontend:ProxyProtocol"] = proxies } }, backends);

    private static MetricCollector<long> Rejected(FrontendHost frontend) =>
        new(frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");

    private static async Task<string> Send(FrontendHost frontend, string bytes)
    {
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send(bytes, Cancellation);
        return await connection.ReadToEnd(Cancellation);
    }
}
