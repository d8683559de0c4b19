using System.Buffers.Binary;

namespace OrleansLb.Probes.Grpc;

/// <summary>
/// Looks at the first bytes of a server: over HTTP/2 they are the head of a SETTINGS frame (RFC 9113, section 3.4). The HTTP client ends a connection
/// that begins otherwise, but whether it says so or only that there is no connection depends on which of its own tasks was first.
/// </summary>
internal sealed class ServerPreface
{
    private const int HeadLength = 9;
    private const int LengthLength = 3;
    private const int TypeAt = 3;
    private const int FlagsAt = 4;
    private const int StreamAt = 5;
    private const byte SettingsType = 4;

    /// <summary>The largest frame before anything else was agreed on.</summary>
    private const int LargestFrame = 16_384;

    private readonly byte[] _head = new byte[HeadLength];
    private int _length;

    /// <summary>Whether the server speaks something else.</summary>
    public bool IsViolated => _length >= LengthLength
        && (FrameLength > LargestFrame
            || (_length > TypeAt && _head[TypeAt] != SettingsType)
            || (_length > FlagsAt && _head[FlagsAt] != 0)
            || (_length == HeadLength && BinaryPrimitives.ReadUInt32BigEndian(_head.AsSpan(StreamAt)) != 0));

    /// <summary>Whether there was a connection to look at.</summary>
    public bool IsWatching { get; private set; }

    /// <summary>Whether the server has begun to speak HTTP/2.</summary>
    public bool IsComplete => _length == HeadLength && !IsViolated;

    private int FrameLength => (_head[0] << 16) | (_head[1] << 8) | _head[2];

    /// <summary>Looks at what a connection reads.</summary>
    public Stream Watch(Stream connection)
    {
        IsWatching = true;
        return new WatchedStream(connection, this);
    }

    private void Look(ReadOnlySpan<byte> read)
    {
        var taken = read[..Math.Min(read.Length, HeadLength - _length)];
        taken.CopyTo(_head.AsSpan(_length));
        _length += taken.Length;
    }

    private sealed class WatchedStream(Stream connection, ServerPreface preface) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await connection.ReadAsync(buffer, cancellationToken);
            preface.Look(buffer.Span[..read]);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            connection.WriteAsync(buffer, cancellationToken);

        public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

        public override void Flush() => connection.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                connection.Dispose();
            base.Dispose(disposing);
        }
    }
}
