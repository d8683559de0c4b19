using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Configuration;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>Runs alone: the machine's other work would be measured too.</summary>
[CollectionDefinition(nameof(SharedLoadTests), DisableParallelization = true)]
[Collection(nameof(SharedLoadTests))]
public sealed class SharedLoadTests : IDisposable
{
    private const int Frontends = 8;
    private const int Rounds = 3;

    private static readonly TimeSpan ServiceTime = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(5);

    // What keeps 16 in flight when one backend of four is three times slower and all four have the same in flight.
    private static readonly double ArrivalRate = 4 * (3 + (1 / 3.0)) / ServiceTime.TotalSeconds;

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task EightFrontends_OneOfFourBackendsThreeTimesSlower_EvenInFlightOut()
    {
        var meters = new Dictionary<string, InFlightMeter> { ["shared"] = new(4), ["local"] = new(4) };
        await using var backends = new Disposables<SlowBackend>();
        for (var i = 0; i < 4; i++)
            backends.Add(await SlowBackend.Start(i, i == 0 ? 3 * ServiceTime : ServiceTime, meters));
        await using var cluster = await TestClusters.Start();
        var version = await cluster.Client.Apply(Settings([.. backends.Select(static backend => backend.Address)]));
        await using var frontends = new Disposables<ClusterFrontend>();
        for (var i = 0; i < Frontends; i++)
            frontends.Add(await Start(cluster.Client, i));
        foreach (var frontend in frontends)
            await frontend.Configuration.Reaches(version);
        Uri[] addresses = [.. frontends.Select(static frontend => frontend.Address)];

        // Both at once: backends only wait, and a pool knows nothing of the other's requests.
        var failures = (await Task.WhenAll(meters.Select(path => Measure(path.Key, path.Value, addresses)))).Sum();

        var (shared, local) = (meters["shared"].MaxOverMean, meters["local"].MaxOverMean);
        TestContext.Current.SendDiagnosticMessage($"max/mean in flight: shared {shared:F3} at {meters["shared"].InFlight:F1}, local {local:F3} at {meters["local"].InFlight:F1}; {failures} failures");
        Assert.Equal(0, failures);
        Assert.InRange(shared, 1, 1.35);
        Assert.InRange(shared - 1, 0, 0.7 * (local - 1));
    }

    private static async Task<int> Measure(string path, InFlightMeter meter, Uri[] frontends)
    {
        using var clients = new PoissonClients(frontends, ArrivalRate);
        for (var round = 0; round < Rounds; round++)
        {
            await clients.Run(path, Settling);
            meter.Measure(true);
            await clients.Run(path, Measured);
            meter.Measure(false);
            await clients.Drain();
        }

        return clients.Failures;
    }

    private Task<ClusterFrontend> Start(IGrainFactory grains, int index) => ClusterFrontend.Start(
        Path.Combine(_directory, $"{index}"),
        grains,
        services => services.Configure<FrontendOptions>(options => options.Id = $"fe-{index}"));

    private static SettingsDocument Settings(string[] addresses) => SettingsDocument.FromSettings(
        [.. Pool("shared", "ClusterLeastRequests", addresses), .. Pool("local", "LeastRequests", addresses)]);

    private static IEnumerable<KeyValuePair<string, string?>> Pool(string id, string policy, string[] addresses) =>
    [
        new($"ReverseProxy:Routes:{id}:ClusterId", id),
        new($"ReverseProxy:Routes:{id}:Match:Path", $"/{id}"),
        new($"ReverseProxy:Clusters:{id}:LoadBalancingPolicy", policy),
        .. addresses.Select((address, index) => KeyValuePair.Create<string, string?>($"ReverseProxy:Clusters:{id}:Destinations:b{index}:Address", address)),
    ];
}
