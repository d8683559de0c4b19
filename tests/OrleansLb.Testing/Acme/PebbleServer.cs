using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OrleansLb.Testing.Certificates;
using OrleansLb.Testing.Networks;

namespace OrleansLb.Testing.Acme;

/// <summary>A real ACME server, which makes challenges and certificates as public authorities do, with a DNS of its own for which every name is this machine.</summary>
public sealed class PebbleServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-pebble");
    private readonly TestAuthority _authority = new("Pebble's own");
    private readonly int _port = FreePort.Next();
    private readonly int _managementPort = FreePort.Next();
    private readonly int _dnsPort = FreePort.Next();
    private readonly int _challengePort;
    private readonly List<Process> _processes = [];

    private PebbleServer(int challengePort) => _challengePort = challengePort;

    /// <summary>Its directory.</summary>
    public Uri DirectoryUrl => new($"https://localhost:{_port}/dir");

    /// <summary>File of the authority of its own certificate.</summary>
    public string Authorities => PathOf("ca.pem");

    /// <summary>Starts one.</summary>
    /// <param name="challengePort">Where it asks for the answers to challenges.</param>
    /// <param name="refusedNonces">How many of a hundred nonces it refuses although they are good.</param>
    public static async Task<PebbleServer> Start(int challengePort, int refusedNonces = 0)
    {
        var server = new PebbleServer(challengePort);
        server.Write();
        server.Run("pebble-challtestsrv", ["-dns01", $"127.0.0.1:{server._dnsPort}", "-management", $"127.0.0.1:{FreePort.Next()}", "-defaultIPv6", "", "-http01", "", "-https01", "", "-tlsalpn01", ""], refusedNonces);
        server.Run("pebble", ["-config", server.PathOf("config.json"), "-strict", "-dnsserver", $"127.0.0.1:{server._dnsPort}"], refusedNonces);
        await server.Answers();
        return server;
    }

    /// <summary>The root of the certificates that it issues.</summary>
    /// <param name="cancellation">Ends it.</param>
    public async Task<X509Certificate2> Root(CancellationToken cancellation)
    {
        using var client = Client();
        return X509Certificate2.CreateFromPem(await client.GetStringAsync($"https://localhost:{_managementPort}/roots/0", cancellation));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Write()
    {
        var certificate = _authority.Server("localhost");
        File.WriteAllText(Authorities, _authority.RootPem);
        File.WriteAllText(PathOf("cert.pem"), certificate.ChainPem);
        File.WriteAllText(PathOf("key.pem"), certificate.KeyPem);
        File.WriteAllText(PathOf("config.json"), JsonSerializer.Serialize(new
        {
            pebble = new
            {
                listenAddress = $"127.0.0.1:{_port}",
                managementListenAddress = $"127.0.0.1:{_managementPort}",
                certificate = PathOf("cert.pem"),
                privateKey = PathOf("key.pem"),
                httpPort = _challengePort,
                tlsPort = 1,
                ocspResponderURL = "",
                externalAccountBindingRequired = false,
            },
        }));
    }

    private void Run(string command, string[] arguments, int refusedNonces)
    {
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder.FullName };
        start.Environment["PEBBLE_VA_NOSLEEP"] = "1";
        start.Environment["PEBBLE_AUTHZREUSE"] = "0";
        start.Environment["PEBBLE_WFE_NONCEREJECT"] = $"{refusedNonces}";
        var process = Process.Start(start)!;
        // Read, so that it never waits for room.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
    }

    private async Task Answers()
    {
        using var client = Client();
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsThere(client, deadline.Token))
            await ticks.WaitForNextTickAsync(deadline.Token);
    }

    private async Task<bool> IsThere(HttpClient client, CancellationToken cancellation)
    {
        try
        {
            return (await client.GetAsync(DirectoryUrl, cancellation)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private HttpClient Client()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_authority.Root);
        return new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
