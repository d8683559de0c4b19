using System.Globalization;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>All turns that counted.</summary>
internal sealed class TurnLog(IReadOnlyList<Contestant> contestants)
{
    private readonly List<(Contestant Contestant, string Load, Turn Turn)> _turns = [];

    public IReadOnlyList<Contestant> Contestants => contestants;

    /// <summary>Whose saturation the common rates are shares of: stock YARP, or who is first without it.</summary>
    public Contestant Reference => Find("stock YARP") ?? contestants[0];

    /// <summary>In the order in which they were.</summary>
    public IReadOnlyList<(Contestant Contestant, string Load, Turn Turn)> Turns => _turns;

    public void Add(Contestant contestant, string load, Turn turn) => _turns.Add((contestant, load, turn));

    public Contestant? Find(string name) => contestants.FirstOrDefault(contestant => contestant.Name == name);

    /// <summary>A figure of every turn of a contestant with a load, in the order of the rounds.</summary>
    public IReadOnlyList<double> Figures(Contestant contestant, string load, Func<Turn, double> figure) =>
        [.. _turns.Where(turn => turn.Contestant == contestant && turn.Load == load).Select(turn => figure(turn.Turn))];

    /// <summary>Answers a second at saturation.</summary>
    public double Saturation(Contestant contestant) => Spread.Of(Figures(contestant, KeepAliveLoads.Saturated, static turn => turn.Load.Throughput)).Median;

    /// <summary>Those whose requests failed.</summary>
    public IEnumerable<string> Failures() => _turns.Where(static turn => turn.Turn.Load.Failed > 0).Select(static turn =>
        string.Create(CultureInfo.InvariantCulture, $"{turn.Contestant.Name}, {turn.Load}: {turn.Turn.Load.Failed} requests failed, the first with: {turn.Turn.Load.FirstFailure}"));

    /// <summary>Every turn.</summary>
    public Table ToTable()
    {
        var table = new Table(
            "contestant", "load", "due/s", "answered", "failed", "unanswered", "answers/s", "p50 (ms)", "p99 (ms)", "p99.9 (ms)", "CPU (us/answer)", "silo and Redis (us/answer)", "backend (us/answer)", "others (%)");
        foreach (var (contestant, load, turn) in _turns)
        {
            table.Add(
                contestant.Name, load, Text(turn.Rate, "F0"), turn.Load.Answered, turn.Load.Failed, turn.Load.Unanswered, Text(turn.Load.Throughput, "F0"),
                Text(turn.Load.Times.Quantile(0.5), "F3"), Text(turn.Load.Times.Quantile(0.99), "F3"), Text(turn.Load.Times.Quantile(0.999), "F3"),
                Text(turn.ServerCost, "F2"), Text(turn.ClusterCost, "F2"), Text(turn.BackendCost, "F2"), Text(100 * turn.Others, "F1"));
        }

        return table;
    }

    private static string Text(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
