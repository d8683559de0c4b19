using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace OrleansLb.Frontend.Tests.Limits;

public sealed class HostileInputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
}
