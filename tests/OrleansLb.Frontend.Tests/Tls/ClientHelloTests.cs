using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using CsCheck;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>Greetings of TLS in pieces, and those that are none.</summary>
public sealed class ClientHelloTests
{
    private const byte HandshakeRecord = 22;
    private const int LongestRecord = 16 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(int.MaxValue)]
    public async Task Hello_InPiecesOfAnySize_IsAnswered(int piece)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend);
        using var client = await Connect(frontend);
        foreach (var part in (await Hello()).Chunk(piece))
            await client.SendAsync(part, Cancellation);
        var answer = new byte[1];
        Assert.Equal(1, await client.ReceiveAsync(answer, Cancellation).AsTask().WaitAsync(Soon, Cancellation));
        Assert.Equal(HandshakeRecord, answer[0]);
    }

    [Fact]
    public async Task Hello_ThatIsDamagedOrCutOff_ReachesNoBackendAndOthersAreServed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend);
        var hello = await Hello();

        foreach (var sent in Damaged(hello))
        {
            using var client = await Connect(frontend);
            await Say(client, sent);
        }

        Assert.Equal(0, backend.Requests);
        using var other = frontend.Client();
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("https://example.com/id", Cancellation)).StatusCode);
    }

    /// <summary>Cut off anywhere, one byte changed anywhere, lengths that reach past the end, and a record that is longer than any may be.</summary>
    private static IEnumerable<byte[]> Damaged(byte[] hello)
    {
        for (var length = 0; length < hello.Length; length += 1 + (length / 16))
            yield return hello[..length];
        foreach (var at in (int[])[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 43, 44, 76, 77])
        {
            foreach (var value in (byte[])[0, 0x7f, 0xff])
            {
                var changed = hello.ToArray();
                changed[at] = value;
                yield return changed;
            }
        }

        yield return [HandshakeRecord, 3, 1, 0xff, 0xff, .. new byte[4 * LongestRecord]];
        foreach (var noise in Gen.Byte.Array[1, 300].Array[30].Single())
            yield return [HandshakeRecord, 3, 1, .. noise];
    }

    private static async Task<TlsFrontend> Start(Backend backend)
    {
        var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start(backend);
        return frontend;
    }

    private static async Task<Socket> Connect(TlsFrontend frontend)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, frontend.Host.Http1.Port, Cancellation);
        return socket;
    }

    /// <summary>Says something, ends its half, and listens until the other half has ended.</summary>
    private static async Task Say(Socket client, byte[] sent)
    {
        try
        {
            await client.SendAsync(sent, Cancellation);
            client.Shutdown(SocketShutdown.Send);
            while (await client.ReceiveAsync(new byte[4096], Cancellation).AsTask().WaitAsync(Soon, Cancellation) > 0)
            {
                // An alert, or an answer to a greeting that was good enough.
            }
        }
        catch (SocketException)
        {
            // Reset is an end, too.
        }
    }

    /// <summary>What a client of TLS says first.</summary>
    private static async Task<byte[]> Hello()
    {
        using var said = new MemoryStream();
        await using var client = new SslStream(new Mouth(said));
        await Assert.ThrowsAnyAsync<IOException>(() => client.AuthenticateAsClientAsync("example.com"));
        return said.ToArray();
    }

    /// <summary>Hears nothing.</summary>
    private sealed class Mouth(Stream said) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => said.Write(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
