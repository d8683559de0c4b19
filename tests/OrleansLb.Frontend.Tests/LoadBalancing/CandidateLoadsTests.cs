using CsCheck;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Frontend.Http.LoadBalancing;
using OrleansLb.Frontend.Pools;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Tests.LoadBalancing;

/// <summary>What candidates are said to have in flight when all are asked at once.</summary>
public sealed class CandidateLoadsTests
{
    private const int Backends = 40;

    private static readonly Gen<int[]> GenCounts = Gen.Int[0, 9].Array[Backends];

    // In any order, as YARP's lists are; some missing, and some that the pool does not know.
    private static readonly Gen<int[]> GenCandidates = Gen.OneOf(
        Gen.Shuffle(Enumerable.Range(0, Backends).ToArray()),
        Gen.Shuffle(Enumerable.Range(0, Backends + 3).ToArray()),
        Gen.Shuffle(Enumerable.Range(0, Backends + 3).ToArray(), 1, Backends));

    [Fact]
    public void AllAtOnceAreSaidToHaveWhatEachHas() =>
        Gen.Select(GenCounts, GenCounts, GenCandidates, Gen.Int[0, 3000], Gen.Bool).Sample(static (own, others, order, age, isAlone) =>
        {
            var now = TimeSpan.FromSeconds(1) + TimeSpan.FromMilliseconds(age);
            var pool = Pool(own, isAlone ? null : others);
            var candidates = new PickCandidates(pool, pool.Health, [.. order.Select(static backend => new DestinationState(BoardPool.Id(backend)))], now);
            var (loads, known) = (new double[order.Length], new double[order.Length]);
            var unseen = candidates.Estimate(loads, known, now);

            var view = candidates.ViewAt(now);
            Assert.Equal(view.Outlook.Unseen, unseen);
            Assert.Equal(order.OrderBy(static backend => Math.Min(backend, Backends)).Select(BoardPool.Id), candidates.Destinations.Select(static destination => destination.DestinationId));
            Assert.Equal(candidates.Destinations.Select((_, place) => candidates.Load(place, view)), loads);
            if (LeastRequestsPicker.Heeds(unseen))
                Assert.Equal(candidates.Destinations.Select(destination => Known(pool, destination, view)), known);
        });

    [Fact]
    public void Candidates_OfAllOrNoneOfThePool_HaveTheirPlaces()
    {
        var pool = Pool(new int[Backends], null);
        var candidates = new PickCandidates(pool, pool.Health, [new(BoardPool.Id(7)), new("nobody"), new(BoardPool.Id(3))], TimeSpan.Zero);
        Assert.Equal((0, 1, -1), (candidates.Places[3], candidates.Places[7], candidates.Places[0]));
        Assert.Equal(3, candidates.Count);
    }

    private static double Known(FrontendPool pool, DestinationState destination, LoadView view) =>
        pool.IndexById.TryGetValue(destination.DestinationId, out var index) && view.Foreign is { } foreign
            ? view.Outlook.Known(foreign.Requests[index], foreign.Connections[index], foreign.OwnRequests[index], foreign.OwnConnections[index])
            : 1;

    /// <summary>A pool with requests of this front-end, of which the others know, and of another that sends a hundred a second.</summary>
    private static FrontendPool Pool(int[] own, int[]? others)
    {
        var board = new BoardPool();
        board.Apply([.. Enumerable.Range(0, Backends)]);
        var pool = board.Current;
        foreach (var (slot, count) in pool.Slots.Zip(own))
        {
            for (var i = 0; i < count; i++)
                slot.Begin();
        }

        if (others is null)
            return pool;
        var machine = new PoolLoadMachine("silo", TimeSpan.FromMinutes(-1));
        var (self, other) = (new FrontendLoadMachine("self", 1), new FrontendLoadMachine("other", 1));
        self.SetBackends(pool.Keys);
        for (var second = 0; second < 2; second++)
        {
            var now = TimeSpan.FromSeconds(second);
            machine.Exchange(other.Report(Entries(others), new TrafficCounters(100 * second, 100 * second, TimeSpan.FromSeconds(20 * second)), now), now);
            self.Accept(machine.Exchange(self.Report(Entries(own), default, now), now));
        }

        pool.Load.View = self.View;
        return pool;

        LoadEntry[] Entries(int[] counts) => [.. pool.Keys.Zip(counts, static (key, count) => new LoadEntry(key, count, count / 3))];
    }
}
