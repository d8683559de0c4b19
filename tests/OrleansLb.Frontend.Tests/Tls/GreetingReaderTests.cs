using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Core.Tls;
using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>What the handshake is given to read, and what is heard meanwhile.</summary>
public sealed class GreetingReaderTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // Offers TLS 1.3 and nothing else that counts.
    private static readonly byte[] Greeting = [22, 3, 1, 0, 56, 1, 0, 0, 52, 3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, 0, 9, 0, 43, 0, 5, 4, 3, 4, 3, 3];

    private readonly Pipe _pipe = new();
    private readonly GreetingReader _reader;
    private readonly FeatureCollection _connection = new();

    public GreetingReaderTests()
    {
        _reader = new GreetingReader(_pipe.Reader);
        _connection.Set(_reader);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Greeting_InPieces_IsGivenAsAWhole_AndWhatFollowsAsItComes()
    {
        var read = _reader.ReadAsync(Cancellation);
        foreach (var piece in Greeting.Chunk(1))
        {
            Assert.False(read.IsCompleted);
            await _pipe.Writer.WriteAsync(piece, Cancellation);
        }

        var given = await read;
        Assert.Equal(Greeting.Length, given.Buffer.Length);
        Assert.True(GreetingReader.HasHeardTls13(_connection));

        _reader.AdvanceTo(given.Buffer.GetPosition(10));
        Assert.Equal(Greeting.Length - 10, (given = await _reader.ReadAsync(Cancellation)).Buffer.Length);
        _reader.AdvanceTo(given.Buffer.End);
        await _pipe.Writer.WriteAsync(new byte[] { 22 }, Cancellation);
        Assert.Equal(1, (await _reader.ReadAsync(Cancellation)).Buffer.Length);
        Assert.True(GreetingReader.HasHeardTls13(_connection));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Client_IsGoneBeforeItsGreetingIsThere_IsSaidAsItIs(int length)
    {
        await _pipe.Writer.WriteAsync(Greeting.AsMemory(0, length), Cancellation);
        await _pipe.Writer.CompleteAsync();

        var given = await _reader.ReadAsync(Cancellation);

        Assert.Equal((length, true), (given.Buffer.Length, given.IsCompleted));
        Assert.False(GreetingReader.HasHeardTls13(_connection));
    }

    [Fact]
    public async Task Reading_IsCancelled_WhatFollowsIsNoBeginningAnyMore()
    {
        await _pipe.Writer.WriteAsync(Greeting.AsMemory(0, 20), Cancellation);
        var read = _reader.ReadAsync(Cancellation).AsTask();
        _reader.CancelPendingRead();
        var given = await read.WaitAsync(Soon, Cancellation);
        Assert.True(given.IsCanceled);

        _reader.AdvanceTo(given.Buffer.End);
        await _pipe.Writer.WriteAsync(Greeting, Cancellation);
        Assert.Equal(Greeting.Length, (await _reader.ReadAsync(Cancellation)).Buffer.Length);
        Assert.False(GreetingReader.HasHeardTls13(_connection));
    }

    [Fact]
    public async Task Reading_HasNoMoreTime_Ends()
    {
        using var time = new CancellationTokenSource();
        await _pipe.Writer.WriteAsync(Greeting.AsMemory(0, 20), Cancellation);
        var read = _reader.ReadAsync(time.Token).AsTask();
        await time.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Soon, Cancellation));
    }

    [Fact]
    public async Task Greeting_ThatIsTooLong_IsNotWaitedFor()
    {
        await _pipe.Writer.WriteAsync(new byte[] { 22, 3, 1, 0x40, 0, 1, 0, 0x40, 1 }, Cancellation);
        Assert.Equal(9, (await _reader.ReadAsync(Cancellation)).Buffer.Length);
        Assert.False(GreetingReader.HasHeardTls13(_connection));
    }

    [Fact]
    public void Connection_ThatIsNotHeard_IsLikeOneThatOffersNothing() => Assert.False(GreetingReader.HasHeardTls13(new FeatureCollection()));

    [Fact]
    public void Longest_IsFarBelowWhatTheServerBuffersOfAConnection() => Assert.True(ClientHello.Longest * 8 < new Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerLimits().MaxRequestBufferSize);
}
