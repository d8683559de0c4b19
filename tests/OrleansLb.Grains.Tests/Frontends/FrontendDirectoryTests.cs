using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Grains.Frontends;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Frontends;

namespace OrleansLb.Grains.Tests.Frontends;

/// <summary>The list of front-ends when its silo dies.</summary>
public sealed class FrontendDirectoryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SiloKilled_NextDirectoryGoesOnFromACopy()
    {
        await using var cluster = await TestClusters.Start(silos: 2);
        var directory = cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await using var stays = await BeatingFrontend.Start(cluster.Client, "stays", new SilentFrontend());
        await using (await BeatingFrontend.Start(cluster.Client, "vanished", new SilentFrontend()))
            await Becomes(directory, static list => list.Entries.Length == 2);
        var before = await Becomes(directory, static list => IsCopied(list) && list.Departures is [{ FrontendId: "vanished", MayBeAlive: true }]);

        await cluster.KillHostOf(directory, Cancellation);

        var after = await Becomes(directory, list => list.Version.Directory != before.Version.Directory);
        Assert.True(after.HasEverybodyServed);
        Assert.True(after.KnownFor >= before.KnownFor);
        Assert.Equal("stays", Assert.Single(after.Entries).FrontendId);
        var departure = Assert.Single(after.Departures);
        Assert.True(departure is { FrontendId: "vanished", MayBeAlive: true } && departure.Ago >= before.Departures[0].Ago);
    }

    [Fact]
    public async Task SiloKilledRightAfterAGoodbye_NobodyIsTakenForVanished()
    {
        await using var cluster = await TestClusters.Start(silos: 2);
        var directory = cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await using var leaves = await BeatingFrontend.Start(cluster.Client, "leaves", new SilentFrontend());
        var before = await Becomes(directory, static list => IsCopied(list) && list.Entries.Length == 1);

        await leaves.Leave();
        await cluster.KillHostOf(directory, Cancellation);

        var after = await Becomes(directory, list => list.Version.Directory != before.Version.Directory);
        Assert.Empty(after.Entries);
        Assert.False(Assert.Single(after.Departures).MayBeAlive);
    }

    [Fact]
    public void Copies_OfEverySiloThatAsks_HaveWhatTheOldestHas()
    {
        var clock = new FakeTimeProvider();
        var (own, one, two) = (SiloAddress.New(IPAddress.Loopback, 1, 1), SiloAddress.New(IPAddress.Loopback, 2, 1), SiloAddress.New(IPAddress.Loopback, 3, 1));
        var copies = new DirectoryCopies(clock, own);
        copies.Kept(own, 0);
        Assert.Equal(long.MaxValue, copies.EverywhereUpTo);

        copies.Kept(one, 5);
        copies.Kept(two, 3);
        Assert.Equal(3, copies.EverywhereUpTo);

        clock.Advance(TimeSpan.FromSeconds(0.9));
        copies.Kept(one, 5);
        Assert.Equal(3, copies.EverywhereUpTo);
        clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(5, copies.EverywhereUpTo);
    }

    /// <summary>All of it, and long enough ago for each silo to have asked since that the list was settled.</summary>
    private static bool IsCopied(FrontendList list) => list is { Settled: true, IsKnownEverywhere: true } && list.KnownFor > TimeSpan.FromSeconds(3);

    private static async Task<FrontendList> Becomes(IFrontendDirectoryGrain directory, Predicate<FrontendList> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        do
        {
            try
            {
                if (await directory.List() is var list && condition(list))
                    return list;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                // Its silo was killed; it is started elsewhere.
                Cancellation.ThrowIfCancellationRequested();
            }
        }
        while (await timer.WaitForNextTickAsync(Cancellation));

        throw new OperationCanceledException(Cancellation);
    }
}
