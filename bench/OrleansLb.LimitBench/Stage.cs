using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.BenchProcesses;
using OrleansLb.Clustering.Membership;
using OrleansLb.Frontend.Hosting;
using OrleansLb.Frontend.Leases;
using OrleansLb.LimitBench.Contestants;

namespace OrleansLb.LimitBench;

/// <summary>A Redis, a silo that meets in it, and in this process what a front-end has for its limits; all on loopback.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Keys that decisions are about.</summary>
    public const int Keys = 64;

    // So much that nothing is refused: a refusal that is remembered costs nothing.
    private const int Burst = 1_000_000;
    private const int Rate = 10_000_000;

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-limit-bench-");
    private readonly ServerProcess _redis;
    private readonly ServerProcess _silo;
    private readonly IHost _frontend;

    private Stage()
    {
        var ports = FreePorts.Take(2);
        RedisAddress = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{ports[0]}");
        var configuration = Path.Combine(_folder.FullName, "orleanslb.json");
        File.WriteAllText(configuration, Configuration);
        _redis = ClusterServers.Redis(ports[0]);
        try
        {
            _silo = ClusterServers.Silo("bench-silo", ports[0], configuration, ports[1]);
        }
        catch
        {
            _redis.Dispose();
            throw;
        }

        _frontend = BuildFrontend();
    }

    public string RedisAddress { get; }

    /// <summary>The servers, whose processor time counts.</summary>
    public IReadOnlyList<ServerProcess> Servers => [_redis, _silo];

    public static async Task<Stage> Build(CancellationToken cancellation)
    {
        var stage = new Stage();
        await stage._frontend.StartAsync(cancellation);
        return stage;
    }

    /// <summary>A policy, once it decides.</summary>
    public async Task<ClusterLimit> Policy(string name, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(StartLimit);
        var table = _frontend.Services.GetRequiredService<RateLimiterTable>();
        while (table.Find(name) is null)
            await Task.Delay(LookAgainAfter, TimeProvider.System, limit.Token);
        var policy = new ClusterLimit($"cluster, {name}", table.Find(name)!, Keys);
        // A range that was never used first asks what is known of it.
        for (var key = 0; key < Keys; key++)
        {
            while (!await policy.Decide(key))
                await Task.Delay(LookAgainAfter, TimeProvider.System, limit.Token);
        }

        return policy;
    }

    public Task<RedisLimit> Redis() => RedisLimit.Connect(RedisAddress, Keys, Burst, Rate);

    public async ValueTask DisposeAsync()
    {
        await _frontend.StopAsync();
        _frontend.Dispose();
        _silo.Dispose();
        _redis.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Configuration => $$"""
        { "ReverseProxy": {}, "OrleansLb": { "RateLimiting": { "Policies": { "exact": {{Policy("Exact")}}, "leased": {{Policy("Leased")}}, "in flight": {{InFlight}} } } } }
        """;

    private static string InFlight => string.Create(CultureInfo.InvariantCulture, $$"""
        { "Algorithm": "Concurrency", "PermitLimit": {{Burst}}, "Partition": "Global", "Mode": "Leased" }
        """);

    private static string Policy(string mode) => string.Create(CultureInfo.InvariantCulture, $$"""
        { "Algorithm": "TokenBucket", "TokenLimit": {{Burst}}, "TokensPerPeriod": {{Rate}}, "ReplenishmentPeriod": "00:00:01", "Partition": "Global", "Mode": "{{mode}}" }
        """);

    private IHost BuildFrontend()
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["OrleansLb:Cluster:Membership"] = "Redis",
            ["OrleansLb:Cluster:Redis"] = RedisAddress,
            ["OrleansLb:Frontend:DataDirectory"] = Path.Combine(_folder.FullName, "frontend"),
        });
        var membership = MembershipSettings.Read(builder.Configuration);
        builder.Services.AddMetrics();
        builder.Services.AddRemoteClusterLink(_ =>
        {
            var client = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            client.UseOrleansClient(orleans => orleans.UseOrleansLbMembership(membership));
            return client.Build();
        });
        builder.Services.AddOrleansLbFrontend(builder.Configuration, "bench");
        return builder.Build();
    }
}
