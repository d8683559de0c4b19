using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using OrleansLb.LoadGenerator.Http2;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>The plain backend over HTTP/2, asked by .NET's own client.</summary>
public sealed class Http2BackendTests : IAsyncDisposable
{
    private readonly RunningBackend _backend = new();
    private readonly HttpClient _client = new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    [Fact]
    public async Task Get_ManyAtOnce_AreAllAnsweredWithAHundredBytes()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => _client.GetByteArrayAsync(Url, TestContext.Current.CancellationToken)));
        Assert.All(answers, static answer => Assert.Equal(100, answer.Length));
    }

    [Theory]
    [InlineData(1, 100)]
    [InlineData(100, 100)]
    [InlineData(1_000, 1_000)] // More than the windows of a connection and of a stream at their beginning.
    public async Task Call_OfGrpc_IsAnsweredWithTheMessagesItAsksFor(int messages, int length)
    {
        var calls = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Call(new GrpcQuestion(messages, length).ToBody())));
        foreach (var (body, status) in calls)
        {
            Assert.Equal("0", status);
            Assert.Equal(messages * (5 + length), body.Length);
            for (var at = 0; at < body.Length; at += 5 + length)
                Assert.Equal(length, BinaryPrimitives.ReadInt32BigEndian(body.AsSpan(at + 1)));
        }
    }

    [Fact]
    public async Task Call_WhoseReaderIsLate_IsSentNoMoreThanItTakes()
    {
        using var request = Request(new GrpcQuestion(1_000, 10_000).ToBody());
        using var late = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        // One message of each at a time: meanwhile a megabyte would have come for who takes 64 KB.
        Assert.Equal("0", (await Call(new GrpcQuestion(100, 10_000).ToBody())).Status);
        Assert.Equal(1_000 * 10_005, (await late.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Post_OfMuch_IsReadToItsEnd()
    {
        using var answer = await _client.PostAsync(Url, new ByteArrayContent(new byte[5_000_000]), TestContext.Current.CancellationToken);
        Assert.Equal(100, (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
    }

    [Fact]
    public async Task Call_ThatIsGivenUp_LeavesOthersAlone()
    {
        using (var request = Request(new GrpcQuestion(10_000, 10_000).ToBody()))
        using (await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
        {
            // It is reset before its end.
        }

        Assert.Equal("0", (await Call(new GrpcQuestion(100, 100).ToBody())).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _backend.DisposeAsync();
    }

    private Uri Url => new($"http://127.0.0.1:{_backend.Address.Port}/");

    private async Task<(byte[] Body, string Status)> Call(byte[] call)
    {
        using var request = Request(call);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), answer.TrailingHeaders.GetValues("grpc-status").Single());
    }

    private HttpRequestMessage Request(byte[] call) => new(HttpMethod.Post, Url)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Content = new ByteArrayContent(call) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
    };
}
