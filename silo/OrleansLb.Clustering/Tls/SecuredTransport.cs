using System.IO.Pipelines;
using System.Net.Security;

namespace OrleansLb.Clustering.Tls;

/// <summary>What is sent and received over TLS, as Orleans wants it.</summary>
/// <param name="stream">After its handshake; it ends with this.</param>
internal sealed class SecuredTransport(SslStream stream) : IDuplexPipe, IAsyncDisposable
{
    // A record of TLS is 16 KiB at most (RFC 8446, 5.1).
    private const int ReadSize = 16 * 1024;

    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadSize, leaveOpen: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        await stream.DisposeAsync();
    }
}
