using System.Collections.Immutable;
using OrleansLb.Core.Health;

namespace OrleansLb.Core.Tests.Health;

public sealed class LocalHoldsTests
{
    private static readonly ImmutableArray<BackendKey> Keys = [Pools.Key(0), Pools.Key(1)];

    [Fact]
    public void Hold_Refused_LastsOneSecondForThatBackend()
    {
        var holds = new LocalHolds(Keys);
        Assert.False(holds.IsHeld(1, TimeSpan.Zero));
        holds.Hold(1, Seconds(5));
        Assert.True(holds.IsHeld(1, Seconds(5.999)));
        Assert.False(holds.IsHeld(1, Seconds(6)));
        Assert.False(holds.IsHeld(0, Seconds(5)));
    }

    [Fact]
    public void Hold_AlreadyHeld_ReportsOneSuspicionAndDoesNotGrow()
    {
        var holds = new LocalHolds(Keys);
        Assert.True(holds.Hold(0, Seconds(5)));
        Assert.False(holds.Hold(0, Seconds(5.5)));
        Assert.False(holds.IsHeld(0, Seconds(6)));
        Assert.True(holds.Hold(0, Seconds(6)));
    }

    [Fact]
    public async Task Hold_ManyRequestsFailTogether_OneReports()
    {
        for (var round = 0; round < 50; round++)
        {
            var holds = new LocalHolds(Keys);
            using var start = new Barrier(4);
            var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            {
                start.SignalAndWait(TestContext.Current.CancellationToken);
                return holds.Hold(0, Seconds(1));
            })));
            Assert.Single(reports, reported => reported);
        }
    }

    [Fact]
    public void Constructor_PoolChanged_KeepsHoldsByKey()
    {
        var holds = new LocalHolds(Keys);
        holds.Hold(1, Seconds(5));
        var next = new LocalHolds([Pools.Key(1), Pools.Key(2)], holds);
        Assert.True(next.IsHeld(0, Seconds(5.5)));
        Assert.False(next.IsHeld(1, Seconds(5.5)));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
