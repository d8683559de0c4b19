using System.Net;
using System.Net.Sockets;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Tests.LoadBalancing;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>What a failure is called, for those who decide by it, and what the client gets.</summary>
public sealed class ForwardingFailureTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backend_RefusesTheConnection_IsNotConnected(string forwarder)
    {
        var errors = new ErrorLog();
        await using var frontend = await FrontendHost.Start(errors.Of(forwarder), new Dictionary<string, string> { ["a"] = "http://127.0.0.1:1/" });
        Assert.Equal(HttpStatusCode.BadGateway, await Ask(frontend));
        Assert.Equal((ForwarderError.Request, ForwardingFailure.NotConnected), errors.Only);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backend_HasNoAddress_IsNotConnected(string forwarder)
    {
        var errors = new ErrorLog();
        await using var frontend = await FrontendHost.Start(errors.Of(forwarder), new Dictionary<string, string> { ["a"] = "http://nowhere.invalid:1/" });
        Assert.Equal(HttpStatusCode.BadGateway, await Ask(frontend));
        Assert.Equal((ForwarderError.Request, ForwardingFailure.NotConnected), errors.Only);
    }

    [Fact]
    public async Task Backend_TakesNoConnectionInTime_IsNotConnected()
    {
        // A queue of one, and full: what comes next is neither taken nor refused.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        using var first = new TcpClient();
        await first.ConnectAsync((IPEndPoint)listener.LocalEndPoint!, Cancellation);
        var errors = new ErrorLog();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct"), new Dictionary<string, string> { ["a"] = $"http://{listener.LocalEndPoint}/" });
        using var counters = new ForwardingCounters(frontend);
        var asked = Ask(frontend);
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(0.5));
            return asked.IsCompleted;
        });
        Assert.Equal(HttpStatusCode.GatewayTimeout, await asked);
        Assert.Equal((ForwarderError.RequestTimedOut, ForwardingFailure.NotConnected), errors.Only);
        Assert.Equal(["timed_out"], counters.Dials);
    }

    [Theory]
    [InlineData("Direct", false)]
    [InlineData("Direct", true)]
    [InlineData("Yarp", true)]
    public async Task Backend_EndsTheConnectionBeforeTheAnswer_IsAReset(string forwarder, bool isReset)
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of(forwarder), backend.Alone);
        var asked = Ask(frontend);
        var connection = await backend.Next();
        await connection.ReadHead();
        if (isReset)
            connection.Reset();
        else
            connection.Close();
        Assert.Equal(HttpStatusCode.BadGateway, await asked);
        Assert.Equal((ForwarderError.Request, ForwardingFailure.Reset), errors.Only);
    }

    [Fact]
    public async Task Backend_DoesNotAnswerInTime_Is504()
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct"), backend.Alone);
        var asked = Ask(frontend);
        var connection = await backend.Next();
        await connection.ReadHead();
        frontend.Clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(asked.IsCompleted);
        frontend.Clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(HttpStatusCode.GatewayTimeout, await asked);
        Assert.Equal((ForwarderError.RequestTimedOut, ForwardingFailure.None), errors.Only);
        await connection.AwaitEnd();
    }

    [Fact]
    public async Task Backend_DoesNotAnswerWithinTheClustersTime_Is504()
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct") with { ActivityTimeout = TimeSpan.FromMinutes(2) }, backend.Alone);
        var asked = Ask(frontend);
        var connection = await backend.Next();
        await connection.ReadHead();
        frontend.Clock.Advance(TimeSpan.FromSeconds(119));
        Assert.False(asked.IsCompleted);
        // What comes before the end of a head is no progress: it could go on for ever.
        await connection.Send("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 20");
        frontend.Clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(HttpStatusCode.GatewayTimeout, await asked);
        Assert.Equal((ForwarderError.RequestTimedOut, ForwardingFailure.None), errors.Only);
    }

    [Fact]
    public async Task Backend_StopsWithinTheBody_IsBrokenOff()
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct"), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var connection = await backend.Next();
        await connection.Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        using var answer = await asked;
        var broken = Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
        // The front-end may just be noting when it passed the last bytes on.
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(61));
            return broken.IsCompleted;
        });
        await broken;
        await Eventually.Is(() => errors.Count == 1);
        Assert.Equal((ForwarderError.ResponseBodyDestination, ForwardingFailure.None), errors.Only);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Client_LeavesBeforeTheAnswer_EndsTheConnectionToTheBackend(string forwarder)
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of(forwarder), backend.Alone);
        var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        client.Dispose();
        await connection.AwaitEnd();
        await Eventually.Is(() => errors.Count == 1);
        Assert.Equal((ForwarderError.RequestCanceled, ForwardingFailure.None), errors.Only);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Client_LeavesWithinTheAnswer_EndsTheConnectionToTheBackend(string forwarder)
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of(forwarder), backend.Alone);
        var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel");
        await client.ReadTo("hel", Cancellation);
        client.Dispose();
        await connection.AwaitEnd();
        await Eventually.Is(() => errors.Count == 1);
        Assert.Equal((ForwarderError.ResponseBodyCanceled, ForwardingFailure.None), errors.Only);
    }

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Client_SendsABrokenBody_Is400AndTheConnectionToTheBackendEnds(string forwarder)
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of(forwarder), backend.Alone);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        await client.Send("zz\r\n", Cancellation);
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);
        await connection.AwaitEnd();
        Assert.Equal((ForwarderError.RequestBodyClient, ForwardingFailure.None), errors.Only);
    }

    // The objects of requests are used again.
    [Fact]
    public async Task Client_SendsABrokenBodyAfterABodyWasCarriedForAnother_Is400()
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct"), backend.Alone);
        using var before = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = before.GetStringAsync("/", Cancellation);
        var connection = await backend.Next();
        await connection.Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
        Assert.Equal("ab", await asked);

        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Cancellation);

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_TimeWithoutEnd_IsWaitedFor()
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct") with { ActivityTimeout = Timeout.InfiniteTimeSpan }, backend.Alone);
        var asked = Ask(frontend);
        var connection = await backend.Next();
        await connection.ReadHead();
        frontend.Clock.Advance(TimeSpan.FromDays(100));
        await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(HttpStatusCode.OK, await asked);
    }

    private static async Task<HttpStatusCode> Ask(FrontendHost frontend)
    {
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var answer = await client.GetAsync("/", Cancellation);
        return answer.StatusCode;
    }
}
