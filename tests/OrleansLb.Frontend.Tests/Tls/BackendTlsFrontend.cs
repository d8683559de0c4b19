using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Hosting.Files;
using OrleansLb.Hosting.Status;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>A front-end with a profile for its backends, the profile's files in a folder.</summary>
internal sealed class BackendTlsFrontend : IAsyncDisposable
{
    public const string Profile = "internal";

    private const string Section = "OrleansLb:Frontend:Tls:Backends:";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-tls");
    private readonly Dictionary<string, string?> _settings = [];
    private FrontendHost? _host;
    private MetricCollector<long>? _failures;
    private MetricCollector<long>? _rejections;

    /// <summary>A pool that wants the profile.</summary>
    public static BackendTls Wanted { get; } = new(Profile, null, []);

    public TestAuthority Authority { get; } = new();

    public FrontendHost Host => _host!;

    /// <summary>How long a connection to a backend is kept; zero for one request.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromMinutes(5);

    public HttpClient Client { get; } = new();

    /// <summary>Why there was no connection, of each that there was none.</summary>
    public IEnumerable<string> Failures => Reasons(_failures!);

    /// <summary>Why requests were refused before there could have been one.</summary>
    public IEnumerable<string> Rejections => Reasons(_rejections!);

    public IReadOnlyList<FakeLogRecord> Log => Host.Services.GetFakeLogCollector().GetSnapshot();

    /// <summary>Sets what is configured of the profile.</summary>
    public string? this[string key]
    {
        set => _settings[$"{Section}{Profile}:{key}"] = value;
    }

    /// <summary>Has the profile believe the authority.</summary>
    public BackendTlsFrontend Trusting(params TestAuthority[] authorities)
    {
        this["Authorities"] = WriteAuthorities(authorities);
        return this;
    }

    /// <summary>Has it show a certificate.</summary>
    public BackendTlsFrontend Showing(IssuedCertificate shown)
    {
        WriteCertificate(shown);
        this["Certificate"] = PathOf("client.pem");
        this["Key"] = PathOf("client.key");
        return this;
    }

    public string WriteAuthorities(params TestAuthority[] authorities) => Write("authorities.pem", string.Join('\n', authorities.Select(static authority => authority.RootPem)));

    public void WriteCertificate(IssuedCertificate shown)
    {
        Write("client.pem", shown.ChainPem);
        Write("client.key", shown.KeyPem);
    }

    /// <summary>Replaces a file by a rename.</summary>
    public string Write(string file, string content)
    {
        File.WriteAllText(PathOf(file + ".new"), content);
        File.Move(PathOf(file + ".new"), PathOf(file), overwrite: true);
        return PathOf(file);
    }

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public Task Start(params TlsBackend[] backends) => Start(new FrontendHostOptions { Tls = Wanted }, backends);

    public Task Start(FrontendHostOptions options, params TlsBackend[] backends) => Start(options, backends.ToDictionary(static backend => backend.Id, static backend => backend.Address));

    public async Task Start(FrontendHostOptions options, IReadOnlyDictionary<string, string> backends)
    {
        var services = options.Services;
        _host = await FrontendHost.Start(
            options with
            {
                Settings = new(options.Settings.Concat(_settings)),
                Services = added =>
                {
                    added.AddFakeLogging().AddSingleton(new ForwardingTimes { Life = Life });
                    services?.Invoke(added);
                },
            },
            backends);
        var meters = _host.Services.GetRequiredService<IMeterFactory>();
        _failures = new MetricCollector<long>(meters, BackendTlsMetrics.MeterName, "orleanslb.upstream.tls.failures");
        _rejections = new MetricCollector<long>(meters, RejectionMetrics.MeterName, "orleanslb.rejected");
        Client.BaseAddress = _host.Http1;
    }

    /// <summary>Waits until the files that were written last are in use.</summary>
    public async Task Take(Action write)
    {
        var store = Host.Services.GetRequiredService<CertificateStore>();
        var before = store.Backend(Profile);
        write();
        await Eventually.Is(() =>
        {
            Host.Clock.Advance(FileWatcher.Period);
            return !ReferenceEquals(store.Backend(Profile), before);
        });
    }

    /// <summary>What a check of readiness says.</summary>
    public string Detail(string check)
    {
        var readiness = Host.Services.GetServices<IReadinessCheck>().Single(one => one.Name == check).Check();
        Assert.True(readiness.IsReady);
        return readiness.Detail;
    }

    public async Task<string> Get(string path)
    {
        using var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    public async Task<HttpStatusCode> Status(string path)
    {
        using var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _failures?.Dispose();
        _rejections?.Dispose();
        if (_host is not null)
            await _host.DisposeAsync();
        Authority.Dispose();
        _folder.Delete(recursive: true);
    }

    private static IEnumerable<string> Reasons(MetricCollector<long> counted) => counted.GetMeasurementSnapshot().Select(static one => (string)one.Tags["reason"]!);
}
