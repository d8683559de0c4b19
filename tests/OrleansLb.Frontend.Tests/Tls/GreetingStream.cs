namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>A connection of a client of TLS, whose greeting goes out as a test wants it; all that follows passes by.</summary>
/// <param name="connection">The connection.</param>
/// <param name="cut">What goes out in the place of the greeting, one after the other.</param>
internal sealed class GreetingStream(Stream connection, Func<byte[], IEnumerable<byte[]>> cut) : Stream
{
    private bool _hasGreeted;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer, offset, count);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => connection.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_hasGreeted)
        {
            await connection.WriteAsync(buffer, cancellationToken);
            return;
        }

        _hasGreeted = true;
        foreach (var part in cut(buffer.ToArray()))
            await connection.WriteAsync(part, cancellationToken);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            connection.Dispose();
        base.Dispose(disposing);
    }
}
