using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Health;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.LoadBalancing;
using Yarp.ReverseProxy;

namespace OrleansLb.Frontend.Tests.Health;

/// <summary>Health that changes at the very moment at which YARP takes a configuration.</summary>
public sealed class AvailableDestinationsRefresherTests
{
    [Fact]
    public async Task Health_ChangesWhileYarpTakesItsFirstConfiguration_YarpFollows()
    {
        await using var backend = await Backend.Start("b0");
        await using var other = await Backend.Start("b1");
        await using var frontend = await FrontendHost.Start(
            new FrontendHostOptions
            {
                Services = static services => InterruptedPolicy.Replace(services, static provider => TakeOut(provider.GetRequiredService<PoolTable>(), "b0")),
            },
            backend,
            other);
        await Eventually.Is(() => Available(frontend) is ["b1"]);
    }

    [Fact]
    public async Task Health_ChangesWhileYarpTakesNewDestinations_NeitherIsLost()
    {
        await using var backend = await Backend.Start("b0");
        await using var other = await Backend.Start("b1");
        var options = new FrontendHostOptions { Services = static services => InterruptedPolicy.Replace(services) };
        await using var frontend = await FrontendHost.Start(options, backend);
        var pools = frontend.Services.GetRequiredService<PoolTable>();
        var teller = new Thread(() => TakeOut(pools, "b0"));
        frontend.Services.GetRequiredService<InterruptedPolicy>().Interrupt(() => StartUntilItWaits(teller));

        await frontend.Apply(options, new Dictionary<string, string> { ["b0"] = backend.Address, ["b1"] = other.Address }, generation: 1);

        teller.Join();
        await Eventually.Is(() => Available(frontend) is ["b1"]);
    }

    /// <summary>It waits for its turn as soon as it has seen which destinations there are.</summary>
    private static void StartUntilItWaits(Thread thread)
    {
        thread.Start();
        if (!SpinWait.SpinUntil(() => thread.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30)))
            throw new TimeoutException("The other thread does not wait.");
    }

    private static void TakeOut(PoolTable pools, string backendId)
    {
        var rows = pools.Current[FrontendHost.PoolId].Definition.Backends
            .Select(backend => new BackendStatus(backend.Key, BackendState.Up, TakesNew: backend.Id != backendId, TakesPinned: true, false, false));
        var table = new PoolEligibility(1, PoolEligibility.Ordered(rows), false);
        pools.ChangeHealth(FrontendHost.PoolId, _ => new PoolHealthView(1, table, []));
    }

    private static string[] Available(FrontendHost frontend) =>
        frontend.Services.GetRequiredService<IProxyStateLookup>().TryGetCluster(FrontendHost.PoolId, out var cluster)
            ? [.. cluster.DestinationsState.AvailableDestinations.Select(static destination => destination.DestinationId).Order(StringComparer.Ordinal)]
            : [];
}
