using OrleansLb.Core.WebSockets;

namespace OrleansLb.Frontend.Http.WebSockets;

/// <summary>
/// What goes to the client of a WebSocket. When the front-end ends, it is told so by a Close frame between two frames of the backend's, whose further frames are dropped; the client's own Close then reaches the
/// backend, and both end in good order.
/// </summary>
internal sealed class PartingStream(Stream inner) : Stream
{
    // FIN and Close, two bytes of payload, 1001 "going away" (RFC 6455, 7.4.1).
    private static readonly byte[] GoingAway = [0x88, 0x02, 0x03, 0xe9];

    // Who writes, or waits to say goodbye. Writers of a WebSocket are one at a time, so nobody ever waits but for the goodbye.
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly FrameBoundaries _frames = new();
    private bool _isToPart;
    private bool _hasParted;

    public override bool CanRead => inner.CanRead;

    public override bool CanWrite => inner.CanWrite;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Tells the client as soon as a frame ends.</summary>
    public async Task Part()
    {
        await _writing.WaitAsync();
        try
        {
            _isToPart = true;
            await PartBetweenFrames(CancellationToken.None);
            await inner.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => inner.ReadAsync(buffer, offset, count, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            if (_isToPart)
                await WriteRest(buffer, cancellationToken);
            else
                await Write(buffer, cancellationToken);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Finishes the frame that is under way, byte for byte, since what follows it in the same write must not go out.</summary>
    private async ValueTask WriteRest(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        var rest = 0;
        while (rest < buffer.Length && !_frames.IsAtEnd)
            _frames.Follow(buffer.Span.Slice(rest++, 1));
        if (rest > 0 && !_hasParted)
            await inner.WriteAsync(buffer[..rest], cancellationToken);
        await PartBetweenFrames(cancellationToken);
    }

    private ValueTask Write(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        _frames.Follow(buffer.Span);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    private async ValueTask PartBetweenFrames(CancellationToken cancellationToken)
    {
        if (_hasParted || !_frames.IsAtEnd)
            return;
        _hasParted = true;
        // Whoever closed already has said all.
        if (!_frames.HasClosed)
            await inner.WriteAsync(GoingAway, cancellationToken);
    }
}
