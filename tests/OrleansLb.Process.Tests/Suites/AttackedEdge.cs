using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using OrleansLb.Process.Tests.Processes;
using OrleansLb.Process.Tests.Shared;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Process.Tests.Suites;

/// <summary>A front-end beside those of the shared cluster, by HTTP and by TLS, with a backend that has all the patience that it shall not have.</summary>
public sealed class AttackedEdge(SharedCluster cluster) : IAsyncLifetime
{
    private const string Host = "localhost";
    private const string Name = "fe-attacked";
    private const string Pool = "Attacked";
    private const string Huge = "huge";

    // Of less the kernel takes all for a client that reads nothing.
    private const int HugeBytes = 16 * 1024 * 1024;
    private const int Frontends = 2;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);
    private static readonly byte[] Answer = new byte[HugeBytes];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-test-");
    private readonly TestAuthority _authority = new();
    private CheckedBackend _backend = null!;

    internal FrontendProcess Frontend { get; private set; } = null!;

    /// <summary>Whatever is asked here is answered at once and shortly.</summary>
    internal Uri Address => new(Frontend.Address, $"/{Pool}/");

    /// <summary>Has an answer that it keeps some of while the client does not read.</summary>
    internal Uri HugeAddress => new(Address, Huge);

    internal Uri SecureAddress { get; private set; } = null!;

    /// <summary>A file with the root of its certificate.</summary>
    internal string RootFile => PathOf("root.pem");

    public async ValueTask InitializeAsync()
    {
        _backend = await CheckedBackend.Start("patient");
        _backend.OnRequest = Serve;
        var pool = SharedCluster.PoolOf(_backend);
        // It is part of the test, which may be too busy to be healthy.
        pool.Remove("HealthCheck");
        await cluster.Serve((Pool, pool));

        var certificate = _authority.Server(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(89), Host);
        await File.WriteAllTextAsync(RootFile, _authority.RootPem);
        await File.WriteAllTextAsync(PathOf("site.pem"), certificate.ChainPem);
        await File.WriteAllTextAsync(PathOf("site.key"), certificate.KeyPem);
        var (port, securePort) = (Ports.Next(), Ports.Next());
        SecureAddress = new Uri($"https://{Host}:{securePort}/{Pool}/");
        Frontend = cluster.Processes.StartFrontend(Name, port, ProcessPlace.Loopback with
        {
            Environment = new Dictionary<string, string>
            {
                ["OrleansLb__Frontend__Urls"] = $"http://127.0.0.1:{port};https://127.0.0.1:{securePort}",
                ["OrleansLb__Frontend__Tls__Certificates__site__Certificate"] = PathOf("site.pem"),
                ["OrleansLb__Frontend__Tls__Certificates__site__Key"] = PathOf("site.key"),
            },
        });
        await Eventually.Holds("it serves", Soon, async () => await cluster.Processes.TryGet(Address) is not null, () => Frontend.Output);
    }

    public async ValueTask DisposeAsync()
    {
        // Either is not there when its start failed.
        if (Frontend is not null)
            await Frontend.DisposeAsync();
        if (_backend is not null)
            await _backend.DisposeAsync();
        cluster.Forget(Pool);
        await Eventually.Holds("the cluster is without it", Soon, async () => (await cluster.Status())?["frontends"]!.AsArray().Count == Frontends, cluster.Processes.Logs);
        _authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task Serve(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
        context.Features.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate = null;
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        if (context.Request.Path.Value!.EndsWith(Huge, StringComparison.Ordinal))
            await context.Response.Body.WriteAsync(Answer, context.RequestAborted);
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
