using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>A front-end that ends TLS, its certificates in files, and clients that trust one authority.</summary>
internal sealed class TlsFrontend : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-tls");
    private readonly Dictionary<string, string?> _settings = new() { ["OrleansLb:Frontend:Urls"] = "https://127.0.0.1:0" };

    public TestAuthority Authority { get; } = new();

    public FrontendHost Host { get; private set; } = null!;

    private TlsClient Clients => new(new IPEndPoint(IPAddress.Loopback, Host.Http1.Port), Authority);

    /// <summary>Sets what is configured of TLS.</summary>
    public string? this[string key]
    {
        set => _settings[$"OrleansLb:Frontend:Tls:{key}"] = value;
    }

    /// <summary>Sets what is configured of the rest.</summary>
    public void Set(string key, string value) => _settings[key] = value;

    /// <summary>Puts a certificate and its key into files and configures it.</summary>
    public void Add(string name, IssuedCertificate certificate)
    {
        Write(name, certificate);
        this[$"Certificates:{name}:Certificate"] = PathOf(name + ".pem");
        this[$"Certificates:{name}:Key"] = PathOf(name + ".key");
    }

    /// <summary>Puts a certificate and its key into files, in the place of those before.</summary>
    public void Write(string name, IssuedCertificate certificate)
    {
        Write(name + ".pem", certificate.ChainPem);
        Write(name + ".key", certificate.KeyPem);
    }

    /// <summary>Replaces a file by a rename.</summary>
    public string Write(string file, string content)
    {
        File.WriteAllText(PathOf(file + ".new"), content);
        File.Move(PathOf(file + ".new"), PathOf(file), overwrite: true);
        return PathOf(file);
    }

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public Task Start(params Backend[] backends) => Start(new FrontendHostOptions(), backends);

    public async Task Start(FrontendHostOptions options, params Backend[] backends) => Host = await FrontendHost.Start(options with { Listeners = [], Settings = _settings }, backends);

    /// <summary>A client of HTTP.</summary>
    public HttpClient Client(Version? version = null, IssuedCertificate? shown = null) => Clients.Http(version, shown);

    /// <summary>Makes a handshake and says what came of it.</summary>
    /// <exception cref="AuthenticationException">The front-end refused it.</exception>
    public Task<SeenHandshake> Handshake(string host, Action<SslClientAuthenticationOptions>? configure = null) => Clients.Handshake(host, configure, TestContext.Current.CancellationToken);

    /// <summary>Makes a handshake and leaves the rest to the test.</summary>
    public Task<SslStream> Open(string host, Action<SslClientAuthenticationOptions>? configure = null) => Clients.Open(host, configure, TestContext.Current.CancellationToken);

    /// <summary>Clients at another address of this machine.</summary>
    public TlsClient ClientsFrom(IPAddress address) => new(new IPEndPoint(IPAddress.Loopback, Host.Http1.Port), Authority) { From = address };

    /// <summary>Clients whose handshakes go through something.</summary>
    public TlsClient ClientsThrough(Func<Stream, Stream> through) => new(new IPEndPoint(IPAddress.Loopback, Host.Http1.Port), Authority) { Through = through };

    public async ValueTask DisposeAsync()
    {
        if (Host is not null)
            await Host.DisposeAsync();
        Authority.Dispose();
        _folder.Delete(recursive: true);
    }
}
