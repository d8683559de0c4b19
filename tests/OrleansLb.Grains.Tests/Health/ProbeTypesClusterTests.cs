using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Probes;
using OrleansLb.Testing.Backends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>A pool for each kind of probe, from the configuration through two silos to sockets.</summary>
public sealed class ProbeTypesClusterTests : IAsyncLifetime
{
    private static readonly string[] Pools = ["http", "tcp", "grpc", "script"];

    private readonly ConcurrentDictionary<SiloAddress, SwitchableNetwork> _networks = [];
    private readonly Dictionary<string, FollowingFrontend> _frontends = [];
    private readonly TalkingBackend _tcp = new();
    private readonly TalkingBackend _redis = new() { Answer = "+PONG\r\n" };
    private SwitchableBackend _http = null!;
    private GrpcHealthBackend _grpc = null!;
    private InProcessTestCluster _cluster = null!;

    public async ValueTask InitializeAsync()
    {
        _http = await SwitchableBackend.Start("ready");
        _grpc = await GrpcHealthBackend.Start();
        _cluster = await TestClusters.Start(silos: 2, silo => silo.Services.AddSingleton(services =>
        {
            var network = new SwitchableNetwork();
            _networks[services.GetRequiredService<ILocalSiloDetails>().SiloAddress] = network;
            return new Prober(services.GetRequiredKeyedService<TimeProvider>(Clocks.Key), network);
        }));
        await _cluster.Client.Apply(Configuration());
        foreach (var pool in Pools)
            _frontends[pool] = await FollowingFrontend.Start(_cluster.Client, $"follows-{pool}", pool);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var frontend in _frontends.Values)
            await frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        await _http.DisposeAsync();
        await _grpc.DisposeAsync();
        await _tcp.DisposeAsync();
        await _redis.DisposeAsync();
    }

    [Fact]
    public async Task Probes_OfEveryType_TakeAFailingBackendOutAndBringItBack()
    {
        await EveryPoolIs(WireBackendState.Up);

        _http.FailingPath = "/health";
        await _tcp.Close();
        _grpc.Status = 2;
        _redis.Answer = "-LOADING\r\n";
        await EveryPoolIs(WireBackendState.Down);
        Assert.Matches("^\\d+ probes in a row failed: status 503$", await ReasonOf("http"));
        Assert.Matches("^\\d+ probes in a row failed: Refused; nobody else reaches it$", await ReasonOf("tcp"));
        Assert.Matches("^\\d+ probes in a row failed: NotServing$", await ReasonOf("grpc"));
        Assert.Matches("^\\d+ probes in a row failed: WrongContent$", await ReasonOf("script"));

        _http.FailingPath = null;
        _tcp.Open();
        _grpc.Status = 1;
        _redis.Answer = "+PONG\r\n";
        await EveryPoolIs(WireBackendState.Up);
    }

    /// <summary>The other silo disagrees only if it runs the same probe: no request that it could make by another one would succeed.</summary>
    [Fact]
    public async Task Probes_OfEveryType_OneSiloIsCutOff_AreRunAlikeByTheOther()
    {
        await EveryPoolIs(WireBackendState.Up);
        foreach (var (silo, network) in _networks)
        {
            network.IsCut = true;
            foreach (var pool in Pools)
                if (silo.Equals(await MonitorOf(pool)))
                    await Is(pool, WireBackendState.Degraded);
            network.IsCut = false;
            await EveryPoolIs(WireBackendState.Up);
        }

        Assert.Equal(2, _networks.Count);
        Assert.DoesNotContain(_frontends.Values.SelectMany(static frontend => frontend.Seen), static seen => seen.State == WireBackendState.Down);
    }

    private async Task<SiloAddress> MonitorOf(string pool) =>
        (await _cluster.HostOf(_cluster.Client.GetGrain<IHealthMonitorGrain>(BackendGrainKey.Of(pool, "b0")), TestContext.Current.CancellationToken)).SiloAddress;

    private Task<EligibilityTable> Is(string pool, WireBackendState state) =>
        _frontends[pool].Reaches(table => table.Rows.Length == 1 && table.Rows[0].State == state);

    private Task<EligibilityTable[]> EveryPoolIs(WireBackendState state) => Task.WhenAll(Pools.Select(pool => Is(pool, state)));

    private async Task<string> ReasonOf(string pool) => (await Status(pool)).Reason;

    private async Task<BackendStatus> Status(string pool) =>
        Assert.Single((await _cluster.Client.StatusOf(pool, TestContext.Current.CancellationToken)).Backends);

    private SettingsDocument Configuration() => SettingsDocument.FromSettings(
    [
        .. Pool("http", _http.Address,
            ("HealthCheck:Active:Path", "/health"),
            ("OrleansLb:HealthCheck:Method", "POST"),
            ("OrleansLb:HealthCheck:ExpectedStatus", "200,401"),
            ("OrleansLb:HealthCheck:Headers:X-Probe", "yes"),
            ("OrleansLb:HealthCheck:BodyContains", "ready")),
        .. Pool("tcp", "http://127.0.0.1:1/",
            ("OrleansLb:HealthCheck:Type", "Tcp"),
            ("OrleansLb:HealthCheck:Port", $"{_tcp.Port}")),
        .. Pool("grpc", _grpc.Address,
            ("OrleansLb:HealthCheck:Type", "Grpc"),
            ("OrleansLb:HealthCheck:Service", "shop.Cart"),
            ("OrleansLb:HealthCheck:Headers:X-Probe", "yes")),
        .. Pool("script", "http://127.0.0.1:1/",
            ("OrleansLb:HealthCheck:Type", "Script"),
            ("OrleansLb:HealthCheck:Port", $"{_redis.Port}"),
            ("OrleansLb:HealthCheck:Script:0:Send", "PING\\r\\n"),
            ("OrleansLb:HealthCheck:Script:1:ExpectRegex", "^\\+PONG\r\n")),
    ]);

    private static IEnumerable<KeyValuePair<string, string?>> Pool(string id, string address, params (string Key, string Value)[] settings)
    {
        (string Key, string Value)[] all =
        [
            ("Destinations:b0:Address", address),
            ("HealthCheck:Active:Enabled", "true"),
            ("HealthCheck:Active:Policy", "ClusterConsecutiveFailures"),
            ("HealthCheck:Active:Interval", "00:00:00.100"),
            ("HealthCheck:Active:Timeout", "00:00:05"),
            ("OrleansLb:HealthCheck:PanicPercent", "0"),
            .. settings,
        ];
        return all.Select(setting => KeyValuePair.Create<string, string?>($"ReverseProxy:Clusters:{id}:{setting.Key}", setting.Value));
    }
}
