using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace OrleansLb.Frontend.Tests.Limits;

public sealed class HostileInputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /id HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET /id HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhelloGET /id HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhelloGET /id HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.0\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /id HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /id HTTP/1.1\r\nHost: x\r\nName : v\r\n\r\n")]
    [InlineData("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\nGET /id HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("GET /id HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n")]
    [InlineData("GET /id HTTP/1.1\r\nHost: x\r\nA: b\n c\r\n\r\n")]
    [InlineData("GET /id HTTP/1.1\r\n\r\n")]
    public async Task Framing_ThatTwoPartiesCouldReadDifferently_Is400AndTheConnectionEnds(string request)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send(request, Cancellation);
        var answer = await connection.ReadToEnd(Cancellation);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Equal(0, backend.Connections);
    }

    // These come to light only while the body is read, when a backend has been dialled; what follows them must not be taken for a request.
    [Theory]
    [InlineData("5;a=\nb\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n")]
    public async Task Chunks_ThatTwoPartiesCouldReadDifferently_Are400AndTheConnectionEnds(string body)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send($"POST /length HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{body}GET /id HTTP/1.1\r\nHost: x\r\n\r\n", Cancellation);
        var answer = await connection.ReadToEnd(Cancellation);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Single(answer.Split("HTTP/1.1 ", StringSplitOptions.RemoveEmptyEntries));
        Assert.InRange(backend.Requests, 0, 1);
    }

    [Fact]
    public async Task LengthAndEncoding_IsCountedOnce()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var rejected = new MetricCollector<long>(
            frontend.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Cancellation);
        await connection.ReadToEnd(Cancellation);
        var count = Assert.Single(rejected.GetMeasurementSnapshot());
        Assert.Equal((1, "http", "framing.length_and_encoding"), (count.Value, count.Tags["surface"], count.Tags["reason"]));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n<100 more headers>\r\n", 431)]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nBig: <40000 bytes>\r\n\r\n", 431)]
    [InlineData("GET /<9000 bytes> HTTP/1.1\r\nHost: x\r\n\r\n", 414)]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30000001\r\n\r\n", 413)]
    public async Task Size_OverItsLimit_IsRefusedFromTheHeadAlone(string request, int status)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var connection = await RawConnection.Open(frontend.Http1, Cancellation);
        await connection.Send(Expand(request), Cancellation);
        Assert.StartsWith($"HTTP/1.1 {status} ", await connection.ReadToEnd(Cancellation), StringComparison.Ordinal);
        Assert.Equal(0, backend.Connections);
    }

    [Theory]
    [InlineData(10, 10, HttpStatusCode.OK)]
    [InlineData(10, 11, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(-1, 31_000_000, HttpStatusCode.OK)]
    public async Task Body_AgainstTheRoutesOwnLimit_IsTakenOrRefused(long limit, int length, HttpStatusCode expected)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { MaxRequestBodySize = limit }, backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var response = await client.PostAsync("/length", new ByteArrayContent(new byte[length]), Cancellation);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Backend_ResetsInTheMiddleOfItsBody_ClientSeesATruncationAndOthersAreServed()
    {
        await using var honest = await Backend.Start();
        await using var liar = new ResettingBackend();
        await using var broken = await FrontendHost.Start(new FrontendHostOptions(), new Dictionary<string, string> { ["liar"] = liar.Address });
        using var client = new HttpClient { BaseAddress = broken.Http1 };
        for (var i = 0; i < 3; i++)
        {
            using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.Equal(100, response.Content.Headers.ContentLength);
            liar.HeadWasSeen();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync(Cancellation));
        }

        await broken.Apply(new FrontendHostOptions(), new Dictionary<string, string> { ["honest"] = honest.Address }, 2);
        Assert.Equal(honest.Id, await client.GetStringAsync("/id", Cancellation));
        Assert.Equal(3, liar.Requests);
    }

    private static string Expand(string request) => request
        .Replace("<100 more headers>", string.Concat(Enumerable.Range(0, 100).Select(static i => $"h{i}: v\r\n")), StringComparison.Ordinal)
        .Replace("<40000 bytes>", new string('b', 40_000), StringComparison.Ordinal)
        .Replace("<9000 bytes>", new string('p', 9_000), StringComparison.Ordinal);
}
