using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Tls;
using OrleansLb.Frontend.Http.Tls;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>Greetings of TLS in pieces, and those that are none.</summary>
public sealed class ClientHelloTests
{
    private const byte HandshakeRecord = 22;
    private const int LongestRecord = 16 * 1024;
    private const int RecordHeader = 5;

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

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 7)]
    [InlineData(100, int.MaxValue)]
    [InlineData(LongestRecord, 1)]
    public async Task Hello_InRecordsAndPiecesOfAnySize_AfterWhatAProxySays_IsOneHandshake(int record, int piece)
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend.Set("OrleansLb:Frontend:ProxyProtocol", "127.0.0.1");
        await frontend.Start(backend);
        var proxy = "PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n"u8.ToArray();
        var clients = frontend.ClientsThrough(connection => new GreetingStream(connection, hello => ((byte[])[.. proxy, .. Records(hello, record)]).Chunk(piece)));

        await using var client = await clients.Open("example.com", cancellation: Cancellation).WaitAsync(Soon, Cancellation);
        await client.WriteAsync("GET /fields/X-Forwarded-For HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancellation);
        using var answer = new StreamReader(client);

        Assert.Contains("192.0.2.7", await answer.ReadToEndAsync(Cancellation).WaitAsync(Soon, Cancellation), StringComparison.Ordinal);
        Assert.Equal(SslProtocols.Tls13, client.SslProtocol);
    }

    [Theory]
    [InlineData(ClientHello.Longest)]
    [InlineData(ClientHello.Longest + 1)]
    [InlineData(60_000)]
    public async Task Hello_OfAnySize_IsAnswered(int length)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend);
        using var client = await Connect(frontend);
        await client.SendAsync(Records(Padded(await Hello(), length), LongestRecord), Cancellation);
        var answer = new byte[1];
        Assert.Equal(1, await client.ReceiveAsync(answer, Cancellation).AsTask().WaitAsync(Soon, Cancellation));
        Assert.Equal(HandshakeRecord, answer[0]);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Request")]
    public async Task Hello_ThatDoesNotComeInTime_EndsAndIsCountedAsAHandshake_WhetherItIsHeardOrNot(string mode)
    {
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend["ClientCertificates:Mode"] = mode;
        frontend["ClientCertificates:Authorities"] = mode == "None" ? null : frontend.Write("clients.pem", frontend.Authority.RootPem);
        await frontend.Start();
        using var handshakes = new MetricCollector<double>(frontend.Host.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Server.Kestrel", "kestrel.tls_handshake.duration");
        var hello = await Hello();
        int[] lengths = [0, 1, 20, hello.Length - 1];

        await Task.WhenAll(lengths.Select(length => ListenToTheEnd(frontend, hello[..length])));
        await handshakes.WaitForMeasurementsAsync(lengths.Length, Cancellation).WaitAsync(Soon, Cancellation);

        Assert.All(handshakes.GetMeasurementSnapshot(), static one => Assert.Equal(typeof(OperationCanceledException).FullName, one.Tags["error.type"]));
        Assert.All(handshakes.GetMeasurementSnapshot(), static one => Assert.InRange(one.Value, (Handshake.Limit / 2).TotalSeconds, (Handshake.Limit * 1.9).TotalSeconds));
    }

    private static async Task ListenToTheEnd(TlsFrontend frontend, byte[] said)
    {
        using var client = await Connect(frontend);
        await client.SendAsync(said, Cancellation);
        await Listen(client);
    }

    /// <summary>The same message in records of another size.</summary>
    private static byte[] Records(byte[] hello, int size) =>
        [.. hello[RecordHeader..].Chunk(size).SelectMany(static part => (byte[])[HandshakeRecord, 3, 1, (byte)(part.Length >> 8), (byte)part.Length, .. part])];

    /// <summary>A greeting that is longer by an extension, with one record around it as if it could be that long.</summary>
    private static byte[] Padded(byte[] hello, int length)
    {
        const int extensionHeader = 4, unknown = 0xfafa;
        var at = RecordHeader + 4 + 2 + 32;
        at += 1 + hello[at];
        at += 2 + Number(hello, at, 2);
        at += 1 + hello[at];
        var more = length - hello.Length;
        byte[] padded = [.. hello[..(at + 2)], .. Bytes(unknown, 2), .. Bytes(more - extensionHeader, 2), .. new byte[more - extensionHeader], .. hello[(at + 2)..]];
        Bytes(Number(hello, at, 2) + more, 2).CopyTo(padded, at);
        Bytes(Number(hello, 6, 3) + more, 3).CopyTo(padded, 6);
        Bytes(Number(hello, 3, 2) + more, 2).CopyTo(padded, 3);
        return padded;
    }

    private static int Number(byte[] bytes, int at, int size) => bytes.AsSpan(at, size).ToArray().Aggregate(0, static (number, next) => (number << 8) | next);

    private static byte[] Bytes(int number, int size) => [.. Enumerable.Range(1, size).Select(place => (byte)(number >> (8 * (size - place))))];

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
        }
        catch (SocketException)
        {
            // Who does not listen to all of it has ended it.
        }

        await Listen(client);
    }

    private static async Task Listen(Socket client)
    {
        try
        {
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
