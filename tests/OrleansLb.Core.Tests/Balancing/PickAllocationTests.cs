using OrleansLb.Core.Balancing;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.Tests.Hashing;

namespace OrleansLb.Core.Tests.Balancing;

public sealed class PickAllocationTests
{
    private const int Backends = 50;

    private static readonly double[] Loads = Weights.Whole(1, Backends, 20);
    private static readonly double[] Shares = Weights.Whole(2, Backends, 10);
    private static readonly double[] Scratch = new double[Backends];
    private static readonly double[] Speeds = new double[Backends];
    private static readonly WeightedBackend[] Pool = HashedPicks.Pool([.. Shares.Select(static share => (int)share)]);
    private static readonly int[] Places = HashedPicks.AllPlaces(Backends);
    private static readonly int[] FewPlaces = HashedPicks.Places(Backends, static i => i % 20 == 0);
    private static readonly AliasTable Table = AliasTable.Build(Shares);
    private static readonly WeightedRoundRobinSchedule Schedule = WeightedRoundRobinSchedule.Build(Shares);
    private static readonly MaglevTable Maglev = MaglevTable.Build(Pool);
    private static readonly HashRing Ring = HashRing.Build(Pool);
    private static readonly PickTurn Turn = new(1);
    private static readonly System.Net.IPAddress Address = System.Net.IPAddress.Parse("2001:db8::1");
    private static PickRandom s_random = new(3);

    public static TheoryData<string, Func<ulong, int>> Picks => new()
    {
        { "RoundRobin", static _ => RoundRobinPicker.Pick(Backends, Turn.Next()) },
        { "WeightedRoundRobin", static _ => Schedule.Pick(Turn.Next()) },
        { "Random", static _ => RandomPicker.Pick(Backends, ref s_random) },
        { "WeightedRandom", static _ => Table.Pick(ref s_random) },
        { "IpHash", static _ => Maglev.Pick(HashKey.Of(Address), Places) },
        { "UrlHash", static i => Maglev.Pick(HashKey.Of("/path").Then(new HashKey(i)), Places) },
        { "Maglev with most of the pool away", static i => Maglev.Pick(new HashKey(i * 0x9E3779B97F4A7C15), FewPlaces) },
        { "ConsistentHash", static i => Ring.Pick(new HashKey(i * 0x9E3779B97F4A7C15), FewPlaces) },
        { "Rendezvous", static i => WeightedRendezvous.Pick(new HashKey(i), Pool, Places) },
        { "BoundedLoadHash", static i => BoundedLoadPicker.Pick(Maglev, new HashKey(i * 0x9E3779B97F4A7C15), Places, Loads, Shares) },
        { "ClusterLeastRequests", static i => LeastRequestsPicker.Pick(Loads, Loads, Shares, i % 2, ref s_random) },
        { "ClusterPowerOfTwoChoices", static _ => PowerOfTwoChoicesPicker.Pick(Loads, Table, ref s_random) },
        { "LeastResponseTime", static i => LeastResponseTime(i) },
        { "HotCold", static i => HotColdPicker.Pick(Loads, Loads, HotColdPicker.HotAbove(Loads, Table, Scratch), i % 10, Table, ref s_random) },
        { "ResourceBased", static i => ResourceBased(i) },
    };

    [Theory]
    [MemberData(nameof(Picks), DisableDiscoveryEnumeration = true)]
    public void Pick_ManyTimes_AllocatesNothing(string policy, Func<ulong, int> pick)
    {
        var sum = 0L;
        for (ulong i = 0; i < 100; i++)
            sum += pick(i);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 10_000; i++)
            sum += pick(i);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        // Not a byte a pick; the runtime may take some itself when it compiles a method anew.
        Assert.True(allocated < 10_000, $"{policy} allocated {allocated} B in 10,000 picks.");
        Assert.InRange(sum, 0, 10_100L * Backends);
    }

    private static int LeastResponseTime(ulong i)
    {
        LeastResponseTimePicker.Weigh(Shares, Loads, Speeds);
        return LeastResponseTimePicker.Pick(Loads, Loads, Speeds, i % 2, ref s_random);
    }

    private static int ResourceBased(ulong i)
    {
        var now = TimeSpan.FromSeconds(i);
        var load = ResourceLoad.None.Observe(i, 0, 0.5, now, ResourceLoadRules.Default);
        ResourceWeights.Fill([load, ResourceLoad.None], Shares.AsSpan(0, 2), now, ResourceLoadRules.Default, Scratch);
        return PeakEwma.None.Observe(now, now, PeakEwma.DefaultDecay).HasSamples ? 1 : 0;
    }
}
