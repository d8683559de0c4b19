using OrleansLb.Contracts.Frontends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;

namespace OrleansLb.Grains.Tests.Frontends;

public sealed class FrontendGrainTests
{
    private sealed class Observer : SilentFrontend
    {
        public TaskCompletionSource<long> Pushed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Task ConfigurationChanged(long version)
        {
            Pushed.TrySetResult(version);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Register_LowerIncarnation_IsRefused()
    {
        await using var cluster = await TestClusters.Start();
        var observer = new Observer();
        var reference = cluster.Client.CreateObjectReference<IFrontendObserver>(observer);
        var grain = cluster.Client.GetGrain<IFrontendGrain>("fe-1");

        Assert.True(await grain.Register(new FrontendRegistration("fe-1", 2, reference)));
        Assert.False(await grain.Register(new FrontendRegistration("fe-1", 1, reference)));
        Assert.True((await grain.Heartbeat(new FrontendHeartbeat(2, 7, false))).Known);
        Assert.False((await grain.Heartbeat(new FrontendHeartbeat(1, 7, false))).Known);
    }

    [Fact]
    public async Task Directory_RegisteredFrontend_CanBeCalledBack()
    {
        await using var cluster = await TestClusters.Start(silos: 2);
        var observer = new Observer();
        var reference = cluster.Client.CreateObjectReference<IFrontendObserver>(observer);
        await cluster.Client.GetGrain<IFrontendGrain>("fe-1").Register(new FrontendRegistration("fe-1", 1, reference));

        var list = await cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List();
        var entry = Assert.Single(list.Entries);
        await entry.Observer.ConfigurationChanged(42);

        Assert.Equal(42, await observer.Pushed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Register_FrontendReliesOnAShareOfBefore_DirectoryHasItAtOnce()
    {
        await using var cluster = await TestClusters.Start();
        var reference = cluster.Client.CreateObjectReference<IFrontendObserver>(new Observer());

        await cluster.Client.GetGrain<IFrontendGrain>("fe-1").Register(new FrontendRegistration("fe-1", 1, reference) { ShareParts = 2 });

        var list = await cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List();
        Assert.Equal(2, Assert.Single(list.Entries).ShareParts);
    }

    [Fact]
    public async Task Leave_RegisteredFrontend_LeavesTheDirectory()
    {
        await using var cluster = await TestClusters.Start();
        var reference = cluster.Client.CreateObjectReference<IFrontendObserver>(new Observer());
        var grain = cluster.Client.GetGrain<IFrontendGrain>("fe-1");
        await grain.Register(new FrontendRegistration("fe-1", 1, reference));

        await grain.Leave(1);

        var list = await cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key).List();
        Assert.Empty(list.Entries);
        Assert.False(Assert.Single(list.Departures).MayBeAlive);
    }
}
