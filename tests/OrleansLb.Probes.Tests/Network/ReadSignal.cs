using System.Net.Security;
using System.Threading.Channels;
using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tests.Network;

/// <summary>The probes' own network, which says when something was read.</summary>
internal sealed class ReadSignal : IProbeNetwork
{
    private readonly TcpNetwork _network = new();
    private readonly Channel<int> _reads = Channel.CreateUnbounded<int>();

    public SslClientAuthenticationOptions Tls => _network.Tls;

    public async ValueTask<Stream> Connect(string host, int port, CancellationToken cancellationToken) =>
        new SignallingStream(await _network.Connect(host, port, cancellationToken), _reads.Writer);

    /// <summary>Waits for the next read.</summary>
    public async Task Next(CancellationToken cancellationToken) => await _reads.Reader.ReadAsync(cancellationToken);

    private sealed class SignallingStream(Stream stream, ChannelWriter<int> reads) : Stream
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
            var read = await stream.ReadAsync(buffer, cancellationToken);
            reads.TryWrite(read);
            return read;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => stream.WriteAsync(buffer, cancellationToken);

        public override void Flush() => stream.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            stream.Dispose();
            base.Dispose(disposing);
        }
    }
}
