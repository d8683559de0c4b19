using System.Collections.Immutable;
using Orleans.Runtime.Hosting;
using Orleans.TestingHost;
using OrleansLb.Contracts.Events;
using OrleansLb.Grains.Events;
using OrleansLb.Grains.Hosting;
using OrleansLb.Grains.Tests.Routing;
using OrleansLb.Testing.Clusters;

namespace OrleansLb.Grains.Tests.Events;

public sealed class EventLogTests
{
    private readonly BreakableStorage _storage = new();

    [Fact]
    public async Task Add_EverySiloIsKilledAfterwards_TheNextClusterHasThem()
    {
        await using (var cluster = await Start())
        {
            await Log(cluster).Add(Happen(1, 3));
            await Log(cluster).Add(Happen(2, 4));
            await _storage.Holds<EventLogState>(static state => state.Events.Count == 5);
            await cluster.KillSiloAsync(cluster.Silos.Single(), TestContext.Current.CancellationToken);
        }

        await using var next = await Start();
        Assert.Equal([1, 2, 3, 4, 5], (await Log(next).List()).Select(static happened => happened.Sequence));
    }

    [Fact]
    public async Task Add_StoreFails_TheyAreWrittenOnceItWorks()
    {
        await using var cluster = await Start();
        _storage.IsBroken = true;
        await Log(cluster).Add(Happen(1, 2));
        Assert.Equal([1, 2], (await Log(cluster).List()).Select(static happened => happened.Sequence));

        _storage.IsBroken = false;
        await _storage.Holds<EventLogState>(static state => state.Events.Count == 2);
    }

    [Fact]
    public async Task Add_MoreThanAreKept_TheLastStay()
    {
        await using var cluster = await Start(keep: 3);
        await Log(cluster).Add(Happen(1, 10));
        Assert.Equal([8, 9, 10], (await Log(cluster).List()).Select(static happened => happened.Sequence));
    }

    private static IEventLogGrain Log(InProcessTestCluster cluster) => cluster.Client.GetGrain<IEventLogGrain>(ClusterEventStream.Key);

    private static ImmutableArray<ClusterEvent> Happen(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(static sequence => new ClusterEvent { Kind = ClusterEventKind.SiloJoined, Source = "a", Sequence = sequence, Id = sequence })];

    private Task<InProcessTestCluster> Start(int keep = 1000) => TestClusters.Start(1, silo =>
    {
        silo.Configuration["OrleansLb:Events:Keep"] = $"{keep}";
        silo.Services.AddGrainStorage(GrainsSiloBuilderExtensions.StorageName, (_, _) => _storage);
    });
}
