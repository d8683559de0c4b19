using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Tests.Http1;

/// <summary>What stands around the body of a request; the corpus of hostile requests has more of what is refused.</summary>
public sealed class ChunkedRequestTests
{
    private const string Head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Direct", 1)]
    [InlineData("Direct", int.MaxValue)]
    [InlineData("Yarp", int.MaxValue)]
    public async Task ExtensionsAndTrailers_OfValidForm_ArePassedOver_AndTheNextRequestIsServed(string forwarder, int piece)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(new FrontendHostOptions { Settings = new Dictionary<string, string?> { ["OrleansLb:Frontend:Forwarder"] = forwarder } }, backend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        var request = $"{Head}3;a;b=c\r\none\r\n3;d=\"e;f\"\r\ntwo\r\n0;g\r\nX-Sum: 1\r\n\r\n";
        var requests = $"{request}{request}GET /id HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        foreach (var part in requests.Chunk(piece))
            await client.Send(new string(part), Cancellation);
        var answers = await client.ReadToEnd(Cancellation);

        Assert.Equal(3, answers.Split("HTTP/1.1 200 ").Length - 1);
        Assert.Equal(2, answers.Split("onetwo").Length - 1);
        Assert.Contains(backend.Id, answers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("5;\r\n", "framing.chunk")]
    [InlineData("zz\r\n", "framing.chunk")]
    [InlineData("3\r\none\r\n5;{0}\r\n", "framing.chunk_extension")]
    [InlineData("0\r\nA : b\r\n\r\n", "framing.trailer")]
    [InlineData("0\r\nA: {1}\r\n\r\n", "limit.trailers")]
    public async Task Body_ThatIsNone_IsRefusedAndCountedOnce(string body, string reason)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var rejected = new MetricCollector<long>(frontend.Services.GetRequiredService<IMeterFactory>(), RejectionMetrics.MeterName, "orleanslb.rejected");
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);

        await client.Send(Head + body.Replace("{0}", new string('a', Http1Limits.ChunkExtension), StringComparison.Ordinal).Replace("{1}", new string('b', Http1Limits.Trailers), StringComparison.Ordinal), Cancellation);

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);
        var count = Assert.Single(rejected.GetMeasurementSnapshot());
        Assert.Equal((1, "http", reason), (count.Value, count.Tags["surface"], count.Tags["reason"]));
    }

    /// <summary>An extension that never ends is no reason to keep on reading.</summary>
    [Fact]
    public async Task Extensions_WithoutEnd_EndTheConnection()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = await RawConnection.Open(frontend.Http1, Cancellation);
        await client.Send(Head, Cancellation);
        for (var line = 0; line < Http1Limits.ChunkExtensions; line++)
        {
            try
            {
                await client.Send($"1;{new string('a', 200)}\r\nx\r\n", Cancellation);
            }
            catch (IOException)
            {
                break;
            }
        }

        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEnd(Cancellation), StringComparison.Ordinal);
    }
}
