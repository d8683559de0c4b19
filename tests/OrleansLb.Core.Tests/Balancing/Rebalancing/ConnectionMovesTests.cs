using CsCheck;
using OrleansLb.Core.Balancing.Rebalancing;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Balancing.Rebalancing;

public sealed class ConnectionMovesTests
{
    private static readonly RebalanceDefinition Settings = new() { MaxPerSecond = 10, TolerancePercent = 20 };
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    [Theory]
    [InlineData(1, 3)]
    [InlineData(4, 3)]
    [InlineData(16, 3)]
    [InlineData(4, 1)]
    public void Next_ABackendJoins_ConnectionsMoveUntilSharesAreWithinTheTolerance_NoFasterThanThePace(int frontends, double weightOfTheNewOne)
    {
        double[] weights = [1, 1, weightOfTheNewOne];
        var connections = Enumerable.Range(0, frontends).Select(_ => new[] { 960 / frontends / 2, 960 / frontends / 2, 0 }).ToArray();
        var moves = Enumerable.Range(0, frontends).Select(_ => new ConnectionMoves()).ToArray();
        var (ended, looks) = (0, 0);
        while (IsDue(connections, weights))
        {
            (ended, looks) = (ended + Round(connections, weights, moves), looks + 1);
            // As many at once as there are front-ends, by rounding.
            Assert.InRange(ended, 0, (Settings.MaxPerSecond * looks * Look.TotalSeconds) + frontends + 1);
            Assert.True(looks < 4 * 1000, "It never ends.");
        }

        for (var backend = 0; backend < weights.Length; backend++)
            Assert.InRange(connections.Sum(own => own[backend]), 0, (1.2 * 960 * weights[backend] / weights.Sum()) + 1);
    }

    [Fact]
    public void Next_WithinTheTolerance_NothingIsEnded()
    {
        BackendConnections[] backends = [new(119, 119, 119, 1), new(81, 81, 81, 1)];
        Assert.Equal([0, 0], new ConnectionMoves().Next(backends, Settings, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Next_OneMoreThanItsShare_IsNobodysTooMany()
    {
        BackendConnections[] backends = [new(2, 2, 2, 1), new(0, 0, 0, 1)];
        Assert.Equal([0, 0], new ConnectionMoves().Next(backends, Settings, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Next_ThreeAndNone_OneGoes()
    {
        BackendConnections[] backends = [new(3, 3, 3, 1), new(0, 0, 0, 1)];
        Assert.Equal([1, 0], new ConnectionMoves().Next(backends, Settings, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Next_BackendTakesNothingNew_ItsConnectionsAreLeftToItsDrain()
    {
        BackendConnections[] backends = [new(500, 500, 500, 0), new(50, 50, 50, 1), new(50, 50, 50, 1)];
        Assert.Equal([0, 0, 0], new ConnectionMoves().Next(backends, Settings, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Next_NothingForLong_IsNotMadeUpForAtOnce()
    {
        var moves = new ConnectionMoves();
        BackendConnections[] backends = [new(100, 100, 100, 1), new(0, 0, 0, 1)];
        Assert.Equal([10, 0], moves.Next(backends, Settings, TimeSpan.FromHours(1)));
        Assert.Equal([0, 0], moves.Next(backends, Settings, TimeSpan.Zero));
        Assert.Equal([5, 0], moves.Next(backends, Settings, TimeSpan.FromSeconds(0.5)));
    }

    [Fact]
    public void Next_OwnOnesAreTooYoung_NothingOfOthersIsEndedInTheirPlace()
    {
        BackendConnections[] backends = [new(2, 50, 100, 1), new(0, 0, 0, 1)];
        Assert.Equal([2, 0], new ConnectionMoves().Next(backends, Settings, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Next_AnyNumbers_EndsNoMoreThanThereAre() => Gen.Select(
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100], Gen.Int[0, 500], Gen.Double[0, 10]).Array[0, 20], Gen.Int[1, 100], Gen.Int[1, 500], Gen.Double[0, 5]).Sample((numbers, pace, tolerance, seconds) =>
    {
        BackendConnections[] backends = [.. numbers.Select(static each => new BackendConnections(each.Item1, each.Item2, each.Item3, each.Item4))];
        var ends = new ConnectionMoves().Next(backends, new RebalanceDefinition { MaxPerSecond = pace, TolerancePercent = tolerance }, TimeSpan.FromSeconds(seconds));
        Assert.All(ends.Zip(backends), static each => Assert.InRange(each.First, 0, each.Second.Own));
        Assert.InRange(ends.Sum(), 0, Math.Max(1, pace));
    });

    /// <summary>Every front-end looks once; whoever was told comes back to the front-end where it was, and to the backend that has the least for its weight.</summary>
    private static int Round(int[][] connections, double[] weights, ConnectionMoves[] moves)
    {
        int[] totals = [.. Enumerable.Range(0, weights.Length).Select(backend => connections.Sum(own => own[backend]))];
        var seen = totals.ToArray();
        var ended = 0;
        for (var frontend = 0; frontend < connections.Length; frontend++)
        {
            var own = connections[frontend];
            var ends = moves[frontend].Next([.. own.Select((count, backend) => new BackendConnections(count, count, seen[backend], weights[backend]))], Settings, Look);
            for (var backend = 0; backend < ends.Length; backend++)
            {
                for (var i = 0; i < ends[backend]; i++)
                {
                    var to = Enumerable.Range(0, weights.Length).MinBy(each => (totals[each] + 1) / weights[each]);
                    (own[backend], totals[backend]) = (own[backend] - 1, totals[backend] - 1);
                    (own[to], totals[to]) = (own[to] + 1, totals[to] + 1);
                    ended++;
                }
            }
        }

        return ended;
    }

    /// <summary>Whether somebody still has too many.</summary>
    private static bool IsDue(int[][] connections, double[] weights)
    {
        var all = connections.Sum(static own => own.Sum());
        return Enumerable.Range(0, weights.Length).Any(backend => connections.Sum(own => own[backend]) > Math.Max(1.2 * all * weights[backend] / weights.Sum(), (all * weights[backend] / weights.Sum()) + 1));
    }
}
