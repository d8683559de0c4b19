using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Configuration;
using OrleansLb.Core;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Cluster;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Registration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests;

/// <summary>A front-end with the real pipeline and a fixed configuration, without a cluster behind it.</summary>
internal sealed class FrontendHost : IAsyncDisposable
{
    internal const string FrontendId = "fe-1";
    internal const string PoolId = "app";
    internal const string CookieName = ".Lb.App";

    internal static readonly KeyRing Ring = new([new AffinityKey("k1", [.. Enumerable.Repeat((byte)1, 32)])], "k1");

    private readonly WebApplication _application;
    private readonly FixedConfiguration _configuration;

    private FrontendHost(WebApplication application, FixedConfiguration configuration)
    {
        _application = application;
        _configuration = configuration;
    }

    internal FakeTimeProvider Clock { get; private init; } = null!;

    private DirectoryInfo Folder { get; init; } = null!;

    internal IServiceProvider Services => _application.Services;

    internal string DataDirectory => Folder.FullName;

    /// <summary>Where HTTP/1.1 is spoken.</summary>
    internal Uri Http1 => new(_application.Urls.First());

    /// <summary>Where HTTP/2 is spoken without TLS.</summary>
    internal Uri Http2 => new(_application.Urls.Last());

    internal static Task<FrontendHost> Start(params Backend[] backends) => Start(new FrontendHostOptions(), backends);

    internal static Task<FrontendHost> Start(FrontendHostOptions options, params Backend[] backends) =>
        Start(options, backends.ToDictionary(static backend => backend.Id, static backend => backend.Address));

    internal static async Task<FrontendHost> Start(FrontendHostOptions options, IReadOnlyDictionary<string, string> backends)
    {
        var clock = new FakeTimeProvider();
        var folder = Directory.CreateTempSubdirectory("orleanslb");
        var builder = LoopbackHost.Create();
        builder.Configuration["OrleansLb:Frontend:DataDirectory"] = folder.FullName;
        builder.Configuration["OrleansLb:Frontend:Id"] = FrontendId;
        foreach (var (key, value) in options.Settings)
            builder.Configuration[key] = value;
        options.Prepare?.Invoke(folder.FullName);
        builder.Services.AddKeyedSingleton<TimeProvider>(Clocks.Key, clock);
        builder.Services.AddSingleton<IClusterLink, NoClusterLink>();
        builder.AddOrleansLbHttpFrontend();
        builder.Listen(static () => { }, tls: null, options.Listeners);
        builder.Services.AddSingleton<FixedConfiguration>();
        builder.Services.AddSingleton<IConfigurationView>(static provider => provider.GetRequiredService<FixedConfiguration>());
        builder.Services.AddSingleton<IServedConfiguration>(static provider => provider.GetRequiredService<FixedConfiguration>());
        builder.Services.AddSingleton<IConfigChangeListener>(static provider => provider.GetRequiredService<FixedConfiguration>());
        options.Services?.Invoke(builder.Services);
        var application = builder.Build();
        var configuration = application.Services.GetRequiredService<FixedConfiguration>();
        var routed = configuration.Set(Compile(options, backends, generation: 1));
        application.MapOrleansLbProxy();
        await application.StartAsync();
        await routed;
        return new FrontendHost(application, configuration) { Clock = clock, Folder = folder };
    }

    /// <summary>Puts another key ring into force.</summary>
    internal Task Apply(KeyRing ring)
    {
        var current = _configuration.Current;
        var snapshot = current.Snapshot with { Version = current.Snapshot.Version + 1, Keys = ring };
        return _configuration.Set(current with { Snapshot = snapshot });
    }

    /// <summary>Puts another set of backends, or other generations of them, into force.</summary>
    internal Task Apply(FrontendHostOptions options, IReadOnlyDictionary<string, string> backends, int generation)
    {
        var next = Compile(options, backends, generation);
        return _configuration.Set(next with { Snapshot = next.Snapshot with { Version = _configuration.Version + 1 } });
    }

    /// <summary>Puts a configuration into force that was compiled from a file.</summary>
    internal Task Apply(CompiledConfiguration configuration) =>
        _configuration.Set(configuration with { Snapshot = configuration.Snapshot with { Version = _configuration.Version + 1 } });

    /// <summary>Says what the cluster would: who takes new sessions, and who keeps those it has.</summary>
    internal void Judge(Func<string, (bool TakesNew, bool TakesPinned)> verdict)
    {
        var pool = _configuration.Current.Snapshot.Pools[PoolId];
        var statuses = pool.Backends.Select(backend => (backend.Key, Verdict: verdict(backend.Id)))
            .Select(static backend => new BackendStatus(backend.Key, BackendState.Up, backend.Verdict.TakesNew, backend.Verdict.TakesPinned, false, false));
        var table = new PoolEligibility(1, PoolEligibility.Ordered(statuses), false);
        _application.Services.GetRequiredService<PoolTable>().ChangeHealth(PoolId, _ => new PoolHealthView(1, table, []));
    }

    /// <summary>Ends it in good order, which its disposal does not.</summary>
    internal Task Stop() => _application.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        Folder.Delete(recursive: true);
    }

    private static CompiledConfiguration Compile(FrontendHostOptions options, IReadOnlyDictionary<string, string> backends, int generation) =>
        CompiledConfiguration.Empty with { Snapshot = Snapshot(options, backends, generation), Routes = [Route(options)], Clusters = [Cluster(options, backends)] };

    private static RouteConfig Route(FrontendHostOptions options) => new()
    {
        RouteId = "app",
        ClusterId = PoolId,
        Match = new RouteMatch { Path = options.Path },
        MaxRequestBodySize = options.MaxRequestBodySize,
        AuthorizationPolicy = options.AuthorizationPolicy,
        CorsPolicy = options.CorsPolicy,
        Transforms = options.Transforms,
        Metadata = Metadata(options),
    };

    private static Dictionary<string, string>? Metadata(FrontendHostOptions options)
    {
        var metadata = new Dictionary<string, string>();
        if (options.RateLimit is { } limit)
            metadata[RouteMetadataKeys.RateLimiterPolicy] = limit.Name;
        if (options.Access is { } access)
            metadata[RouteMetadataKeys.Access] = access;
        if (options.Subset is { } subset)
            metadata[RouteMetadataKeys.Subset] = subset.ToString();
        if (options.Hedge is { } delay)
            metadata[RouteMetadataKeys.Hedge] = delay.ToString("c", CultureInfo.InvariantCulture);
        return metadata.Count > 0 ? metadata : null;
    }

    private static Dictionary<string, string>? ClusterMetadata(FrontendHostOptions options)
    {
        var metadata = new Dictionary<string, string>();
        if (options.Tls is { } tls)
            metadata[ClusterMetadataKeys.Tls] = tls.ToString();
        if (options.PreConnect > 0)
            metadata[ClusterMetadataKeys.PreConnect] = PreConnect.Text(options.PreConnect);
        return metadata.Count > 0 ? metadata : null;
    }

    private static ClusterConfig Cluster(FrontendHostOptions options, IReadOnlyDictionary<string, string> backends) => new()
    {
        ClusterId = PoolId,
        LoadBalancingPolicy = options.Policy,
        SessionAffinity = options.Affinity,
        HealthCheck = new HealthCheckConfig { AvailableDestinationsPolicy = AvailableDestinationsPolicyNames.ClusterHealthyOrPanic },
        HttpClient = options.Client,
        Metadata = ClusterMetadata(options),
        HttpRequest = new ForwarderRequestConfig
        {
            Version = options.BackendVersion,
            VersionPolicy = options.BackendVersionPolicy,
            ActivityTimeout = options.ActivityTimeout,
        },
        Destinations = backends.ToDictionary(static backend => backend.Key, backend => new DestinationConfig
        {
            Address = backend.Value,
            Host = options.BackendHost,
            Metadata = new Dictionary<string, string> { ["id"] = backend.Key },
        }),
    };

    private static ClusterSnapshot Snapshot(FrontendHostOptions options, IReadOnlyDictionary<string, string> backends, int generation) => ClusterSnapshot.Empty with
    {
        Version = generation,
        Pools = new Dictionary<string, PoolDefinition> { [PoolId] = Pool(options, backends, generation) }.ToFrozenDictionary(),
        RateLimits = options.RateLimit is { } limit
            ? new Dictionary<string, RateLimitPolicyDefinition> { [limit.Name] = limit }.ToFrozenDictionary()
            : FrozenDictionary<string, RateLimitPolicyDefinition>.Empty,
        Keys = Ring,
        Acme = options.Acme,
    };

    private static PoolDefinition Pool(FrontendHostOptions options, IReadOnlyDictionary<string, string> backends, int generation) => new()
    {
        Id = PoolId,
        PassiveHealth = options.PassiveHealth,
        Concurrency = options.Concurrency,
        Agent = options.Concurrency is { MaxRequestsPerBackend: null } ? new AgentDefinition { Port = 1 } : null,
        Session = options.Session,
        Retry = options.Retry,
        Balancing = new BalancingDefinition { Policy = options.Policy, LoadReports = options.LoadReports },
        Backends = [.. backends.OrderBy(static backend => backend.Key, StringComparer.Ordinal).Select(backend => new BackendDefinition(
            backend.Key,
            new Uri(backend.Value),
            new Uri(backend.Value),
            null,
            1,
            generation,
            BackendKey.Of(PoolId, backend.Key, generation)))],
    };
}
