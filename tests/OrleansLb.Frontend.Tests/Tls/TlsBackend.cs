using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>A backend that speaks TLS. What it shows and wants is asked at each handshake, so that a test can change it.</summary>
internal sealed class TlsBackend : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _asked = [];
    private Backend _backend = null!;

    private TlsBackend(IssuedCertificate shown) => Shown = shown;

    /// <summary>What it shows.</summary>
    public IssuedCertificate Shown { get; set; }

    /// <summary>Whose certificates it wants to be shown; none to ask for none.</summary>
    public TestAuthority[] Clients { get; set; } = [];

    /// <summary>What it speaks of TLS.</summary>
    public SslProtocols Versions { get; set; }

    /// <summary>What it speaks over TLS.</summary>
    public List<SslApplicationProtocol> Speaks { get; set; } = [];

    /// <summary>Hosts that it was asked for.</summary>
    public IEnumerable<string> Asked => _asked.Distinct();

    public string Id => _backend.Id;

    public int Requests => _backend.Requests;

    public int Connections => _backend.Connections;

    public int Port => new Uri(_backend.Address).Port;

    public string Address => $"https://localhost:{Port}";

    public static async Task<TlsBackend> Start(IssuedCertificate shown, HttpProtocols protocols = HttpProtocols.Http1, string id = "a")
    {
        var backend = new TlsBackend(shown)
        {
            Speaks = protocols switch
            {
                HttpProtocols.Http1 => [SslApplicationProtocol.Http11],
                HttpProtocols.Http2 => [SslApplicationProtocol.Http2],
                _ => [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            },
        };
        backend._backend = await Backend.Start(id, protocols, new TlsHandshakeCallbackOptions { OnConnection = backend.Answer });
        return backend;
    }

    public ValueTask DisposeAsync() => _backend.DisposeAsync();

    private ValueTask<SslServerAuthenticationOptions> Answer(TlsHandshakeCallbackContext context)
    {
        _asked.Enqueue(context.ClientHelloInfo.ServerName);
        var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var authority in Clients)
            trusted.CustomTrustStore.Add(authority.Root);
        return ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = Shown.Context,
            EnabledSslProtocols = Versions,
            ApplicationProtocols = Speaks,
            ClientCertificateRequired = Clients.Length > 0,
            CertificateChainPolicy = trusted,
            RemoteCertificateValidationCallback = Clients.Length > 0 ? static (_, _, _, faults) => faults == SslPolicyErrors.None : null,
        });
    }
}
