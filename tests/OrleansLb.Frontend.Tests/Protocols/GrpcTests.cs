using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.Protocols;

/// <summary>Calls of every kind, by the client that .NET applications have.</summary>
public sealed class GrpcTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private Backend _backend = null!;
    private FrontendHost _frontend = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Echo.EchoClient Client => new(_channel);

    public async ValueTask InitializeAsync()
    {
        _backend = await Backend.Start(protocols: HttpProtocols.Http2);
        _frontend = await FrontendHost.Start(new FrontendHostOptions { BackendVersion = HttpVersion.Version20 }, _backend);
        _channel = GrpcChannel.ForAddress(_frontend.Http2);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _frontend.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Fact]
    public async Task Unary_AnswersAndFailsWithTheBackendsStatus()
    {
        Assert.Equal("hello", (await Client.SayAsync(new Words { Text = "hello" }, cancellationToken: Cancellation)).Text);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await Client.SayAsync(new Words { Text = "fail" }, cancellationToken: Cancellation));
        Assert.Equal((StatusCode.FailedPrecondition, "as asked"), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task ServerStreaming_EachMessageComesInItsTurnAndTheTrailersAfterThem()
    {
        using var call = Client.Spell(new Words { Text = "abc" }, cancellationToken: Cancellation);
        foreach (var letter in "abc")
        {
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal($"{letter}", call.ResponseStream.Current.Text);
        }

        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal("3", call.GetTrailers().GetValue("letters"));
    }

    [Fact]
    public async Task ClientStreaming_IsAnsweredWhenTheClientHasSaidAll()
    {
        using var call = Client.Join(cancellationToken: Cancellation);
        foreach (var text in (string[])["one", "two", "three"])
            await call.RequestStream.WriteAsync(new Words { Text = text }, Cancellation);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("one two three", (await call).Text);
    }

    [Fact]
    public async Task BothWaysStreaming_AnswersEachMessageBeforeTheNextIsSent()
    {
        using var call = Client.Converse(cancellationToken: Cancellation);
        foreach (var text in (string[])["one", "two", "three"])
        {
            await call.RequestStream.WriteAsync(new Words { Text = text }, Cancellation);
            Assert.True(await call.ResponseStream.MoveNext(Cancellation));
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Cancellation));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Deadline_IsToldToTheBackend_AndEndsTheCallThereToo()
    {
        var deadline = DateTime.UtcNow.AddSeconds(1);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await Client.WaitAsync(new Words(), deadline: deadline, cancellationToken: Cancellation));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.NotEqual(DateTime.MaxValue, await _backend.Call.Begun.WaitAsync(Soon, Cancellation));
        await _backend.Call.Ended.WaitAsync(Soon, Cancellation);
    }

    [Fact]
    public async Task Cancellation_OfTheClient_EndsTheCallAtTheBackend()
    {
        using var given = new CancellationTokenSource();
        var call = Client.WaitAsync(new Words(), cancellationToken: given.Token);
        Assert.Equal(DateTime.MaxValue, await _backend.Call.Begun.WaitAsync(Soon, Cancellation));
        await given.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(async () => await call);
        await _backend.Call.Ended.WaitAsync(Soon, Cancellation);
    }

    /// <summary>As pages have it (gRPC-Web): over HTTP/1.1, and with the trailers as the last frame of the body.</summary>
    [Fact]
    public async Task GrpcWeb_PassesThroughAsItIs()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(backend);
        using var client = new HttpClient { BaseAddress = frontend.Http1 };
        using var message = new ByteArrayContent([0, 0, 0, 0, 4, 0x0a, 2, (byte)'h', (byte)'i']);
        message.Headers.ContentType = new MediaTypeHeaderValue("application/grpc-web+proto");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/web") { Content = message, Headers = { { "X-Grpc-Web", "1" } } };

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal("application/grpc-web+proto", answer.Content.Headers.ContentType!.MediaType);
        byte[] expected = [0, 0, 0, 0, 4, 0x0a, 2, (byte)'h', (byte)'i', 0x80, 0, 0, 0, 15, .. "grpc-status:0\r\n"u8];
        Assert.Equal(expected, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    /// <summary>A backend takes 100 streams on one connection.</summary>
    [Fact]
    public async Task Requests_MoreThanABackendTakesOnOneConnection_AreSentOverSeveral()
    {
        const int Requests = 250;
        using var client = new HttpClient { BaseAddress = _frontend.Http1 };
        var answers = Enumerable.Range(0, Requests).Select(_ => client.GetStringAsync("/hold", Cancellation)).ToArray();
        var patience = System.Diagnostics.Stopwatch.StartNew();
        while (_backend.Requests < Requests && patience.Elapsed < Soon)
            await Task.Yield();
        Assert.Equal(Requests, _backend.Requests);
        Assert.InRange(_backend.Connections, 3, Requests / 2);
        _backend.Release();
        Assert.All(await Task.WhenAll(answers), static answer => Assert.Equal("done", answer));
    }
}
