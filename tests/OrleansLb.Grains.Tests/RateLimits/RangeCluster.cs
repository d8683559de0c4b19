using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Grains.Tests.RateLimits;

/// <summary>A cluster with one policy, and a front-end that asks its ranges.</summary>
internal sealed class RangeCluster : IAsyncDisposable
{
    public const string Policy = "perClient";
    public const double TokensPerSecond = 0.01;

    private readonly List<BeatingFrontend> _frontends = [];
    private long _seq;
    private int _freshRange;

    private RangeCluster(InProcessTestCluster cluster) => Cluster = cluster;

    public InProcessTestCluster Cluster { get; }

    public IClusterClient Client => Cluster.Client;

    /// <summary>The newest one.</summary>
    public BeatingFrontend Frontend => _frontends[^1];

    public IConfigurationView View => Cluster.GetSiloServiceProvider(Cluster.Silos[0].SiloAddress).GetRequiredService<IConfigurationView>();

    public static async Task<RangeCluster> Start(SettingsDocument configuration, int silos, IFrontendObserver? observer)
    {
        var cluster = await TestClusters.Start(silos);
        var version = await cluster.Client.Apply(configuration);
        foreach (var silo in cluster.Silos)
            await cluster.GetSiloServiceProvider(silo.SiloAddress).GetRequiredService<IConfigurationView>().Reaches(version);
        var ranges = new RangeCluster(cluster);
        await ranges.Register(observer ?? new SilentFrontend());
        return ranges;
    }

    /// <summary>A token bucket that hardly fills while a test runs.</summary>
    public static SettingsDocument TokenBucket(int tokenLimit, int tokensPerPeriod = 1) => TestConfigurations.OnePool("http://10.0.0.1/").With(
        ($"OrleansLb:RateLimiting:Policies:{Policy}:Algorithm", "TokenBucket"),
        ($"OrleansLb:RateLimiting:Policies:{Policy}:TokenLimit", $"{tokenLimit}"),
        ($"OrleansLb:RateLimiting:Policies:{Policy}:TokensPerPeriod", $"{tokensPerPeriod}"),
        ($"OrleansLb:RateLimiting:Policies:{Policy}:ReplenishmentPeriod", "00:01:40"));

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        foreach (var frontend in _frontends)
            await frontend.DisposeAsync();
    }

    public async Task Register(IFrontendObserver observer) =>
        _frontends.Add(await BeatingFrontend.Start(Client, "fe", observer, incarnation: _frontends.Count + 1));

    public IRateLimitRangeGrain Range(int number) => Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(Policy, number));

    public async Task<int> Admitted(int range, int count) => (await Ask(range, count)).Decisions.Count(static decision => decision.Admitted);

    /// <summary>Of a range that nobody has used. What an answer that came too late admitted is spent: the next range has not been used yet.</summary>
    public async Task<int> AdmittedByAFreshRange(int count)
    {
        while (true)
        {
            var range = ++_freshRange;
            await Decide(range, 0);
            try
            {
                var reply = await Range(range).Exchange(Request(count));
                return reply!.Decisions.Count(static decision => decision.Admitted);
            }
            catch (TimeoutException exception)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(exception.Message);
            }
        }
    }

    /// <summary>
    /// Asks a range that was woken by a request for nothing: a first call may take longer than it may wait, and what it asked for is spent although its answer is lost.
    /// </summary>
    public async Task<LimitReply> Ask(int range, int count)
    {
        await Decide(range, 0);
        return await Decide(range, count);
    }

    /// <summary>Asks until the range decides: it does not while front-ends may still register, and cannot while its grain moves.</summary>
    public async Task<LimitReply> Decide(int range, int count, LimitRequest? request = null)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60);)
        {
            try
            {
                if (await Range(range).Exchange(request ?? Request(count)) is { } reply)
                    return reply;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                TestContext.Current.TestOutputHelper?.WriteLine(exception.Message);
            }

            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"Range {range} did not decide within a minute.");
    }

    public LimitRequest Request(int count) => new()
    {
        FrontendId = "fe",
        Incarnation = _frontends.Count,
        Seq = ++_seq,
        Acquires = [.. Enumerable.Repeat(new LimitAcquire(1, 2, 1), count)],
    };
}
