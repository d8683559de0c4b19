using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Health;
using OrleansLb.Frontend.Tests.LoadBalancing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Which connection a request goes out on, and which are never used again.</summary>
public sealed class ConnectionReuseTests
{
    private const string Empty = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_AnswerWasReadToItsEnd_IsUsedAgain()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab");
        await Exchange(client, backend, connection, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
        await Exchange(client, backend, connection, "HTTP/1.1 204 No Content\r\n\r\n");
        await Exchange(client, backend, connection, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n");

        Assert.Equal(1, backend.Connections);
        Assert.Equal(["connected"], counters.Dials);
        await counters.Settle(1, 1);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nab")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nab")]
    [InlineData("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n")]
    [InlineData("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n")]
    public async Task Connection_AnswerDoesNotLetItBeKept_IsClosed(string answer)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, answer);
        await connection.AwaitEnd();
        await Exchange(client, backend, null, Empty);
        Assert.Equal(2, backend.Connections);
    }

    [Fact]
    public async Task Connection_OfSeveral_IsTheOneThatWasUsedLast()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var first = client.GetAsync("/", Cancellation);
        var a = await backend.Next();
        await a.ReadHead();
        var second = client.GetAsync("/", Cancellation);
        var b = await backend.Next();
        await b.ReadHead();

        await b.Send(Empty);
        (await second).Dispose();
        await counters.Settle(2, 1);
        await a.Send(Empty);
        (await first).Dispose();
        await counters.Settle(2, 2);

        for (var i = 0; i < 3; i++)
            await Exchange(client, backend, a, Empty);
        Assert.Equal(2, backend.Connections);
    }

    [Fact]
    public async Task Connection_IdleForTooLong_IsClosed()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, Empty);
        await counters.Settle(1, 1);

        frontend.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal((1, 1), counters.Connections);
        frontend.Clock.Advance(TimeSpan.FromSeconds(6));

        await connection.AwaitEnd();
        Assert.Equal((0, 0), counters.Connections);
        await Exchange(client, backend, null, Empty);
    }

    [Fact]
    public async Task Connection_InUseAllItsLife_EndsWithIt()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, Empty);
        for (var i = 0; i < 14; i++)
        {
            await counters.Settle(1, 1);
            frontend.Clock.Advance(TimeSpan.FromSeconds(20));
            await Exchange(client, backend, connection, Empty);
        }

        await counters.Settle(1, 1);
        for (var i = 0; i < 3; i++)
            frontend.Clock.Advance(TimeSpan.FromSeconds(17));
        await connection.AwaitEnd();
        await Exchange(client, backend, null, Empty);
    }

    [Fact]
    public async Task Connection_ClosedByTheBackendWhileIdle_IsNotUsed()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, Empty);
        await counters.Settle(1, 1);
        connection.Close();
        // The sweep looks too, and closes what has ended.
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(5) / 100);
            return counters.Connections == (0, 0);
        });

        using var body = new StringContent("x");
        var answer = client.PostAsync("/", body, Cancellation);
        var next = await backend.Next();
        await next.ReadTo("\r\n\r\nx");
        await next.Send(Empty);
        Assert.Equal(HttpStatusCode.OK, (await answer).StatusCode);
        Assert.Equal(0, counters.Retries);
    }

    [Fact]
    public async Task Connection_SaidSomethingUnasked_IsNotBelievedAndNotUsed()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, Empty);
        await counters.Settle(1, 1);
        await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned");
        await Eventually.Is(() =>
        {
            frontend.Clock.Advance(TimeSpan.FromSeconds(5) / 100);
            return counters.Connections == (0, 0);
        });

        var answer = client.GetStringAsync("/", Cancellation);
        await (await backend.Next()).Answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
        Assert.Equal("fine", await answer);
    }

    [Theory]
    [InlineData("GET", false, HttpStatusCode.OK)]
    [InlineData("PUT", false, HttpStatusCode.OK)]
    [InlineData("POST", false, HttpStatusCode.BadGateway)]
    [InlineData("PUT", true, HttpStatusCode.BadGateway)]
    public async Task Request_KeptConnectionEndsUnderIt_IsSentAgainIfThatIsSafe(string method, bool hasBody, HttpStatusCode status)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, Empty);
        await counters.Settle(1, 1);

        using var request = new HttpRequestMessage(new HttpMethod(method), "/") { Content = hasBody ? new StringContent("x") : null };
        var answer = client.SendAsync(request, Cancellation);
        await connection.ReadTo(hasBody ? "\r\n\r\nx" : "\r\n\r\n");
        connection.Close();
        if (status == HttpStatusCode.OK)
            await (await backend.Next()).Answer(Empty);

        Assert.Equal(status, (await answer).StatusCode);
        Assert.Equal((status == HttpStatusCode.OK ? 1 : 0, status == HttpStatusCode.OK ? 2 : 1), (counters.Retries, backend.Connections));
    }

    // It may have arrived: to whoever decides about other backends that is no connection that was refused.
    [Fact]
    public async Task Request_KeptConnectionEndsUnderItAndNoOtherIsTaken_WasSentOnce()
    {
        var errors = new ErrorLog();
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(errors.Of("Direct"), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, Empty);
        await counters.Settle(1, 1);
        var answer = client.GetAsync("/", Cancellation);
        await connection.ReadHead();

        backend.Refuse();
        connection.Close();

        Assert.Equal(HttpStatusCode.BadGateway, (await answer).StatusCode);
        Assert.Equal((ForwarderError.Request, ForwardingFailure.Reset), errors.Only);
    }

    [Fact]
    public async Task Request_NewConnectionEndsUnderIt_IsNotSentAgain()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var answer = client.GetAsync("/", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        connection.Close();
        Assert.Equal(HttpStatusCode.BadGateway, (await answer).StatusCode);
        Assert.Equal(1, backend.Connections);
    }

    [Fact]
    public async Task Request_ConnectionsAreLimited_WaitsForOne()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Client = new HttpClientConfig { MaxConnectionsPerServer = 1 } }, backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var first = client.GetAsync("/1", Cancellation);
        var connection = await backend.Next();
        await connection.ReadHead();
        var second = client.GetAsync("/2", Cancellation);

        await connection.Send(Empty);
        (await first).Dispose();
        Assert.StartsWith("GET /2 ", await connection.Answer(Empty), StringComparison.Ordinal);

        (await second).Dispose();
        Assert.Equal(1, backend.Connections);
    }

    [Fact]
    public async Task Backend_NotAskedForLong_IsForgottenAndFoundAnew()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        var pools = frontend.Services.GetRequiredService<ConnectionPools>();
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var connection = await Exchange(client, backend, null, Empty);
        Assert.Equal(1, pools.Count(static _ => 1));

        frontend.Clock.Advance(TimeSpan.FromMinutes(6));
        await connection.AwaitEnd();
        frontend.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, pools.Count(static _ => 1));

        await Exchange(client, backend, null, Empty);
        Assert.Equal(1, pools.Count(static _ => 1));
    }

    private static async Task<ScriptedConnection> Exchange(HttpClient client, ScriptedBackend backend, ScriptedConnection? connection, string answer)
    {
        var asked = client.GetAsync("/", Cancellation);
        connection ??= await backend.Next();
        await connection.Answer(answer);
        (await asked).Dispose();
        return connection;
    }
}
