using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>Answers each request over TLS with 200, and counts the handshakes.</summary>
internal sealed class SecureServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate = Certificate();
    private readonly SslProtocols _protocols;
    private readonly Task _accepting;
    private int _handshakes;
    private int _others;

    public SecureServer(SslProtocols protocols = SslProtocols.Tls13)
    {
        _protocols = protocols;
        _listener.Start();
        _accepting = Accept();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public int Handshakes => Volatile.Read(ref _handshakes);

    /// <summary>What was spoken other than TLS 1.3 with the one cipher.</summary>
    public int Others => Volatile.Read(ref _others);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _certificate.Dispose();
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }

    private async Task Accept()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
                serving.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task Serve(TcpClient client)
    {
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate, EnabledSslProtocols = _protocols }, _stop.Token);
            Interlocked.Increment(ref _handshakes);
            if (stream.SslProtocol != SslProtocols.Tls13 || stream.NegotiatedCipherSuite != TlsCipherSuite.TLS_AES_128_GCM_SHA256)
                Interlocked.Increment(ref _others);
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, _stop.Token) > 0)
                await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), _stop.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or AuthenticationException)
        {
            // The load has gone, or was refused.
        }
    }
}
