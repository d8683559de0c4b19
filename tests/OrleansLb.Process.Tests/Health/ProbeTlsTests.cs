using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Process.Tests.Health;

/// <summary>Probes of backends whose certificates no machine knows, and who serve nobody without one.</summary>
public sealed class ProbeTlsTests : IDisposable
{
    private const string Pool = "secret";
    private const string Profile = "internal";
    private const string ServerName = "app.internal";
    private const string WentDown = $"Backend {Pool}/b1 went from Up to Down here.";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private readonly TestAuthority _authority = new();
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("orleanslb-test-");

    public void Dispose()
    {
        _authority.Dispose();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task Probes_MeetBackendsByThePoolsProfile_OfSilosAndOfAFrontendOnItsOwn()
    {
        await using var backend = await CheckedBackend.Start("b1", secure: Secure);
        await using var cluster = await ProcessCluster.Start(silos: 2, frontends: 1, backends: 0, configure: settings => Add(settings, backend), places: _ => ProcessPlace.Loopback with { Environment = Files() });
        await Becomes(cluster, "Up");

        backend.OnProbe = Failing;
        await Becomes(cluster, "Down");
        backend.OnProbe = static _ => Task.CompletedTask;
        await Becomes(cluster, "Up");

        foreach (var silo in cluster.Silos)
            await silo.Kill();
        await Says(cluster, "The cluster is away: watching the backends of");
        var probes = 0;
        backend.OnProbe = _ => Task.FromResult(Interlocked.Increment(ref probes));
        await Eventually.Holds("the front-end probes it", Soon, () => Task.FromResult(Volatile.Read(ref probes) >= 5), cluster.Logs);
        await Says(cluster, WentDown, times: 1);
        backend.OnProbe = Failing;
        await Says(cluster, WentDown, times: 2);
    }

    private static Task Failing(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return Task.CompletedTask;
    }

    private static Task<TimeSpan> Becomes(ProcessCluster cluster, string state) => Eventually.Holds(
        $"it is {state}", Soon, async () => await cluster.GetStatus() is { } status && status.StateOf(Pool, "b1") == state, cluster.Logs);

    private static Task<TimeSpan> Says(ProcessCluster cluster, string text, int times = 1) => Eventually.Holds(
        $"the front-end says {times} times: {text}", Soon, () => Task.FromResult(cluster.Frontends[0].Output.Split(text).Length - 1 == times), cluster.Logs);

    private static void Add(JsonObject settings, CheckedBackend backend)
    {
        var pool = SharedCluster.PoolOf(backend);
        pool["OrleansLb"]!["Tls"] = new JsonObject { ["Profile"] = Profile, ["ServerName"] = ServerName };
        settings["ReverseProxy"]!["Clusters"]![Pool] = pool;
    }

    private void Secure(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
    {
        OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = _authority.Server(ServerName).Context,
            ClientCertificateRequired = true,
            RemoteCertificateValidationCallback = static (_, client, _, _) => client is X509Certificate2 shown && shown.GetNameInfo(X509NameType.DnsName, forIssuer: false) == "prober",
        }),
    });

    private Dictionary<string, string> Files()
    {
        var shown = _authority.Client("prober");
        var settings = new Dictionary<string, string>();
        foreach (var section in (string[])["OrleansLb__Probes__Tls__Backends", "OrleansLb__Frontend__Tls__Backends"])
        {
            settings[$"{section}__{Profile}__Authorities"] = Write("ca.pem", _authority.RootPem);
            settings[$"{section}__{Profile}__Certificate"] = Write("prober.pem", shown.ChainPem);
            settings[$"{section}__{Profile}__Key"] = Write("prober.key", shown.KeyPem);
        }

        return settings;
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
