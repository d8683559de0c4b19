using CsCheck;
using OrleansLb.Core.Hashing;

namespace OrleansLb.Core.Tests.Hashing;

public sealed class WeightedRendezvousTests
{
    private static readonly Gen<UInt128> GenItem = Gen.Select(Gen.ULong, Gen.ULong, static (high, low) => new UInt128(high, low));

    private static readonly Gen<WeightedBackend[]> GenNodes = Gen.Int[1, 1000].Array[1, 20]
        .Select(static weights => weights.Select((weight, i) => new WeightedBackend(BackendKey.Of("pool", $"b{i}", 1), weight)).ToArray());

    [Fact]
    public void RemovingAChoiceMovesOnlyItsOwnItems() =>
        Gen.Select(GenItem, GenNodes, Gen.Int[0, 19]).Sample(static (item, nodes, at) =>
        {
            var removed = nodes[at % nodes.Length];
            var before = Pick(item, nodes);
            var after = Pick(item, [.. nodes.Where(node => node != removed)]);
            return before == removed ? after != removed : after == before;
        });

    [Fact]
    public void RaisingAWeightMovesItemsOnlyToThatChoice() =>
        Gen.Select(GenItem, GenNodes, Gen.Int[0, 19], Gen.Int[1, 1000]).Sample(static (item, nodes, at, more) =>
        {
            var raised = nodes[at % nodes.Length];
            var before = Pick(item, nodes);
            var after = Pick(item, [.. nodes.Select(node => node == raised ? node with { Weight = node.Weight + more } : node)]);
            return after?.Key == before?.Key || after?.Key == raised.Key;
        });

    [Fact]
    public void OrderOfTheChoicesDoesNotMatter() =>
        Gen.Select(GenItem, GenNodes.SelectMany(static nodes => Gen.Shuffle(nodes).Select(shuffled => (nodes, shuffled))))
            .Sample(static (item, both) => Pick(item, both.nodes) == Pick(item, both.shuffled));

    [Fact]
    public void SharesAreProportionalToWeight()
    {
        const int Items = 200_000;
        var nodes = Enumerable.Range(1, 10).Select(static weight => new WeightedBackend(BackendKey.Of("pool", $"b{weight}", 1), weight)).ToArray();
        var counts = new int[nodes.Length];
        for (var item = 0; item < Items; item++)
            counts[WeightedRendezvous.Pick((UInt128)item, nodes)]++;

        var total = nodes.Sum(static node => node.Weight);
        var chiSquare = nodes.Zip(counts, (node, count) => Math.Pow(count - ((double)Items * node.Weight / total), 2) / ((double)Items * node.Weight / total)).Sum();
        Assert.InRange(chiSquare, 0, 27.9); // 9 degrees of freedom: exceeded by chance once in a thousand; the items are fixed, so never by chance here.
    }

    [Fact]
    public void ItemsOfARemovedChoiceSpreadByTheWeightsOfTheOthers()
    {
        WeightedBackend[] nodes = [Node("gone", 5), Node("light", 1), Node("heavy", 3)];
        var moved = Enumerable.Range(0, 40_000).Where(item => WeightedRendezvous.Pick((UInt128)item, nodes) == 0).ToArray();
        var toHeavy = moved.Count(item => WeightedRendezvous.Pick((UInt128)item, nodes.AsSpan(1)) == 1);
        Assert.InRange((double)toHeavy / moved.Length, 0.74, 0.76);
    }

    [Fact]
    public void Pick_NoChoiceHasWeight_ReturnsNone()
    {
        Assert.Equal(-1, WeightedRendezvous.Pick(1, []));
        Assert.Equal(-1, WeightedRendezvous.Pick(1, [Node("a", 0), Node("b", -1)]));
    }

    [Fact]
    public void Offer_SameChoiceTwice_FirstStays()
    {
        var contest = new RendezvousContest(7);
        contest.Offer(3, new BackendKey(1), 2);
        contest.Offer(4, new BackendKey(1), 2);
        Assert.Equal(3, contest.Winner);
    }

    // Recorded once: another value means that front-ends of two releases would send one session to two backends.
    [Theory]
    [InlineData(0UL, 0UL, 1, 4605286425739682812L)]
    [InlineData(1UL, 2UL, 3, 4601726334687878352L)]
    [InlineData(ulong.MaxValue, 0x0123456789ABCDEFUL, 1000, 4557780539945958243L)]
    public void Cost_OfRecordedInput_IsTheSameBitForBit(ulong item, ulong key, int weight, long bits) =>
        Assert.Equal(bits, BitConverter.DoubleToInt64Bits(WeightedRendezvous.Cost(item, new BackendKey(key), weight)));

    private static WeightedBackend Node(string id, int weight) => new(BackendKey.Of("pool", id, 1), weight);

    private static WeightedBackend? Pick(UInt128 item, WeightedBackend[] nodes) =>
        WeightedRendezvous.Pick(item, nodes) is var index and >= 0 ? nodes[index] : null;
}
