using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Forwarding;

/// <summary>Answers that two readers could understand differently reach no client, and their connections no other request.</summary>
public sealed class RefusedAnswerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "status_line")]
    [InlineData("HTTP/1.1 200 OK\nA: b\r\n\r\n", "line_end")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "folded_line")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n", "field_name")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", "field_value")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "content_length")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "transfer_encoding")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "length_and_encoding")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n", "upgrade")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "surplus")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nx", "surplus")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc", "surplus")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "chunk")]
    public async Task Answer_ThatIsNone_Is502(string answer, string reason)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", Cancellation);
        var connection = await backend.Next();
        await connection.Answer(answer);

        Assert.Equal(HttpStatusCode.BadGateway, (await asked).StatusCode);
        Assert.Equal([reason], counters.Refused);
        await connection.AwaitEnd();
        Assert.Equal(1, Failures(frontend));
    }

    [Fact]
    public async Task Answer_ToAHeadRequestWithABody_Is502()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var request = new HttpRequestMessage(HttpMethod.Head, "/");
        var asked = client.SendAsync(request, Cancellation);
        await (await backend.Next()).Answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        Assert.Equal(HttpStatusCode.BadGateway, (await asked).StatusCode);
        Assert.Equal(["surplus"], counters.Refused);
    }

    [Theory]
    [InlineData(Http1Limits.InterimAnswers, HttpStatusCode.OK)]
    [InlineData(Http1Limits.InterimAnswers + 1, HttpStatusCode.BadGateway)]
    public async Task InterimAnswers_UpToTheirLimit_ArePassedOver(int number, HttpStatusCode status)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", Cancellation);
        var hints = string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", number));
        await (await backend.Next()).Answer($"{hints}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        using var answer = await asked;
        Assert.Equal(status, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Link"));
    }

    [Theory]
    [InlineData(Http1Limits.Head, HttpStatusCode.OK)]
    [InlineData(Http1Limits.Head + 1, HttpStatusCode.BadGateway)]
    public async Task Head_UpToItsLimit_IsPassedOn(int length, HttpStatusCode status)
    {
        const string Begin = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nA: ";
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var handler = new SocketsHttpHandler { MaxResponseHeadersLength = 128 };
        using var client = new HttpClient(handler) { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", Cancellation);
        await (await backend.Next()).Answer($"{Begin}{new string('b', length - Begin.Length - 4)}\r\n\r\n");
        Assert.Equal(status, (await asked).StatusCode);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked", "1\r\na\r\n", "zz\r\n", "chunk")]
    [InlineData("Transfer-Encoding: chunked", "1\r\na\r\n", "0\r\nA : b\r\n\r\n", "field_name")]
    [InlineData("Transfer-Encoding: chunked", "1\r\na\r\n", "0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "surplus")]
    [InlineData("Transfer-Encoding: chunked", "1\r\na\r\n", null, "ended_early")]
    [InlineData("Content-Length: 5", "a", null, "ended_early")]
    public async Task Body_ThatGoesWrong_IsBrokenOff(string field, string first, string? then, string reason)
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var connection = await backend.Next();
        await connection.Answer($"HTTP/1.1 200 OK\r\n{field}\r\n\r\n{first}");
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        if (then is null)
            connection.Close();
        else
            await connection.Send(then);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer.Content.ReadAsByteArrayAsync(Cancellation));
        await Eventually.Is(() => counters.Refused.Length == 1);
        Assert.Equal([reason], counters.Refused);
        await Eventually.Is(() => Failures(frontend) == 1);
    }

    [Fact]
    public async Task Trailers_LongerThanTheirLimit_BreakTheAnswerOff()
    {
        await using var backend = new ScriptedBackend();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions(), backend.Alone);
        using var counters = new ForwardingCounters(frontend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        var asked = client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await (await backend.Next()).Answer($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nA: {new string('b', Http1Limits.Trailers)}\r\n\r\n");
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () => await (await asked).Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(["trailers_too_large"], counters.Refused);
    }

    private static long Failures(FrontendHost frontend) =>
        frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId].Slots.Single().Outcomes.Counters.GatewayFailures;
}
