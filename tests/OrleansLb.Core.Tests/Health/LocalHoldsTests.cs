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
    public async Task Hold_RequestsFailTogether_OneReports()
    {
        const int Seconds = 20_000;
        var holds = new LocalHolds(Keys);
        int[] at = [0, 0];
        var reports = await Task.WhenAll(Task.Run(() => HoldInStep(holds, Seconds, at, 0, 1)), Task.Run(() => HoldInStep(holds, Seconds, at, 1, 0)));
        Assert.Equal(Seconds, reports.Sum());
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

    private static int HoldInStep(LocalHolds holds, int seconds, int[] at, int me, int other)
    {
        var reports = 0;
        for (var second = 1; second <= seconds; second++)
        {
            Volatile.Write(ref at[me], second);
            var spin = new SpinWait();
            while (Volatile.Read(ref at[other]) < second) spin.SpinOnce(-1);
            reports += holds.Hold(0, TimeSpan.FromSeconds((long)second)) ? 1 : 0;
        }

        return reports;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
