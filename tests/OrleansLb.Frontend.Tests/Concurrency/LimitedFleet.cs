using System.Net;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Concurrency;

/// <summary>Two front-ends with real listeners and one pool, <c>app</c>, whose limits they share; and clients that keep so many requests under way.</summary>
internal sealed class LimitedFleet : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanslb");
    private readonly HttpClient _client = new(new SocketsHttpHandler());
    private readonly Disposables<ClusterFrontend> _frontends = new();
    private readonly InProcessTestCluster _cluster;

    private LimitedFleet(InProcessTestCluster cluster) => _cluster = cluster;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    internal static async Task<LimitedFleet> Start(InProcessTestCluster cluster, SettingsDocument document)
    {
        var fleet = new LimitedFleet(cluster);
        var version = await cluster.Client.Apply(document);
        for (var i = 0; i < 2; i++)
        {
            var frontend = await ClusterFrontend.Start(Path.Combine(fleet._directory.FullName, $"{i}"), cluster.Client, id: $"fe-{i}");
            fleet._frontends.Add(frontend);
            await frontend.Configuration.Reaches(version);
        }

        // Until then requests wait for the cluster and not for each other.
        await Eventually.Is(async () => await fleet.Slots() is { IsComplete: true });
        return fleet;
    }

    internal ClusterFrontend this[int index] => _frontends.ElementAt(index);

    internal IPoolGrain Pool => _cluster.Client.GetGrain<IPoolGrain>("app");

    internal Task<HttpResponseMessage> Get(int frontend) => _client.GetAsync(this[frontend].Address, Cancellation);

    /// <summary>Clients of which each sends its next request when it has the answer, every other one to the same front-end: so many requests are under way all the time.</summary>
    internal Task<List<HttpStatusCode>>[] Loops(int clients, int times, CancellationToken stop) =>
        [.. Enumerable.Range(0, clients).Select(client => Loop(client % 2, times, stop))];

    /// <summary>Who holds what; <see langword="null"/> while no silo says.</summary>
    internal async Task<PoolSlotStatus?> Slots()
    {
        try
        {
            return await Pool.GetSlots();
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            // A silo has just been killed; the next look finds its successor.
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _frontends.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<List<HttpStatusCode>> Loop(int frontend, int times, CancellationToken stop)
    {
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < times && !stop.IsCancellationRequested; i++)
        {
            using var answer = await Get(frontend);
            statuses.Add(answer.StatusCode);
        }

        return statuses;
    }
}
