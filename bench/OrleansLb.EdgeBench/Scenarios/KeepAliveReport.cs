using System.Globalization;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Reports;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>The tables of the scenario with kept connections, and whether they are as good as they should be.</summary>
internal sealed class KeepAliveReport(TurnLog log)
{
    private const string Ours = "OrleansLb";
    private const string Full = "OrleansLb, limit and cookie";
    private const string Yarp = "stock YARP";
    private const string Nginx = "nginx";

    private IEnumerable<Contestant> Proxies => log.Contestants.Where(static contestant => contestant.Server is not null);

    public IReadOnlyList<Section> Sections() =>
    [
        ProcessorTime(),
        Throughput(),
        Latency("Latency at the same rates", KeepAliveLoads.LowOfAll, KeepAliveLoads.HighOfAll, log.Contestants, Bars([(Ours, Yarp, KeepAliveLoads.HighOfAll, Tail, 1, "p99 at 70 % of stock YARP's saturation")])),
        Latency("Latency at shares of its own saturation", KeepAliveLoads.LowOfOwn, KeepAliveLoads.HighOfOwn, Proxies, [.. log.Failures()]),
    ];

    private Section ProcessorTime()
    {
        const string low = KeepAliveLoads.LowOfAll;
        const string high = KeepAliveLoads.HighOfAll;
        var table = new Table(
            "through", "at 30 % (us a request)", "/ stock YARP", "/ nginx", "silo and Redis (us)", "at 70 % (us a request)", "/ stock YARP ", "/ nginx ", "silo and Redis (us) ", "backend (us a request)");
        foreach (var each in Proxies)
            table.Add([each.Name, .. CostCells(each, low), .. CostCells(each, high), Spread.Of(log.Figures(each, high, static turn => turn.BackendCost)).ToString("F1")]);
        return new Section(
            "Processor time of a request",
            $"By the operating system's accounting of each process and its workers, at the same fixed rates through each: {Number(Rate(low))} and {Number(Rate(high))} requests a second, 30 % and 70 % of stock YARP's saturation.",
            table,
            Picture("Processor time of a request at 30 % of stock YARP's saturation", "microseconds", Proxies, low, Cost),
            [.. CostBars(low), .. CostBars(high)]);
    }

    private object[] CostCells(Contestant each, string load) =>
    [
        Spread.Of(log.Figures(each, load, Cost)).ToString("F1"),
        Ratio(each, Yarp, load, Cost),
        Ratio(each, Nginx, load, Cost),
        each.Name.StartsWith(Ours, StringComparison.Ordinal) ? Spread.Of(log.Figures(each, load, static turn => turn.ClusterCost)).ToString("F1") : "-",
    ];

    private string[] CostBars(string load)
    {
        var what = $"processor time of a request at {load}";
        return Bars([(Ours, Yarp, load, Cost, 0.60, what), (Ours, Nginx, load, Cost, 1.80, what), (Full, Ours, load, Cost, 1.10, what)]);
    }

    private Section Throughput()
    {
        const string load = KeepAliveLoads.Saturated;
        var table = new Table("through", "requests a second", "/ stock YARP", "/ nginx", "CPU (us a request)", "silo and Redis (us a request)");
        foreach (var each in log.Contestants)
        {
            table.Add(
                each.Name, Spread.Of(log.Figures(each, load, Answers)).ToString("F0"), Ratio(each, Yarp, load, Answers), Ratio(each, Nginx, load, Answers),
                each.Server is null ? "-" : Spread.Of(log.Figures(each, load, Cost)).ToString("F1"),
                each.Name.StartsWith(Ours, StringComparison.Ordinal) ? Spread.Of(log.Figures(each, load, static turn => turn.ClusterCost)).ToString("F1") : "-");
        }

        return new Section(
            "Throughput at saturation",
            "A closed loop: each connection asks again as soon as it has its answer. The load, the backends and the proxy share the processors, so this is what the machine does with all of them.",
            table,
            Picture("Throughput at saturation", "requests a second", log.Contestants, load, Answers),
            Bars([(Nginx, Ours, load, Answers, 1 / 0.70, "throughput at saturation")]));
    }

    private Section Latency(string title, string low, string high, IEnumerable<Contestant> contestants, IReadOnlyList<string> misses)
    {
        var table = new Table(
            "through", "due/s", "p50 (ms)", "p99 (ms)", "p99.9 (ms)", "due/s ", "p50 (ms) ", "p99 (ms) ", "p99.9 (ms) ", "p99 / stock YARP", "unanswered (%)");
        var all = contestants.ToArray();
        foreach (var each in all)
        {
            table.Add([each.Name, .. Cells(each, low), .. Cells(each, high), Ratio(each, Yarp, high, Tail), Spread.Of(log.Figures(each, high, Unanswered)).ToString("F1")]);
        }

        return new Section(
            title,
            $"An open loop: requests are due at even distances whatever became of the ones before, and each one's time is counted from when it was due. First at {low}, then at {high}. What was "
            + "unanswered a second after the end counts with the time that it had waited by then: the proxy could not keep up.",
            table,
            Picture(title + ", p99 at 70 %", "milliseconds", all, high, Tail),
            misses);
    }

    private object[] Cells(Contestant each, string load) =>
    [
        Number(Spread.Of(log.Figures(each, load, static turn => turn.Rate)).Median),
        Spread.Of(log.Figures(each, load, static turn => turn.Load.Times.Quantile(0.5))).ToString("F2"),
        Spread.Of(log.Figures(each, load, Tail)).ToString("F2"),
        Spread.Of(log.Figures(each, load, static turn => turn.Load.Times.Quantile(0.999))).ToString("F2"),
    ];

    /// <summary>What is more times another one's figure than it should be.</summary>
    private string[] Bars(IReadOnlyList<(string Who, string Than, string Load, Func<Turn, double> Figure, double Most, string What)> bars) =>
    [
        .. from bar in bars
           let who = log.Find(bar.Who)
           let than = log.Find(bar.Than)
           where who is not null && than is not null
           let ratio = Spread.Ratio(log.Figures(who, bar.Load, bar.Figure), log.Figures(than, bar.Load, bar.Figure)).Median
           where ratio > bar.Most
           select string.Create(CultureInfo.InvariantCulture, $"{bar.What}: {bar.Who} is {ratio:F2} x {bar.Than}, where at most {bar.Most:F2} is asked for."),
    ];

    private BarPicture Picture(string title, string up, IEnumerable<Contestant> contestants, string load, Func<Turn, double> figure) =>
        new(title, up, [.. contestants.Select(each => (each.Name, Spread.Of(log.Figures(each, load, figure))))]);

    private string Ratio(Contestant each, string than, string load, Func<Turn, double> figure) =>
        log.Find(than) is { } other ? Spread.Ratio(log.Figures(each, load, figure), log.Figures(other, load, figure)).Median.ToString("F2", CultureInfo.InvariantCulture) : "-";

    private double Rate(string load) => Spread.Of(log.Figures(log.Reference, load, static turn => turn.Rate)).Median;

    private static double Cost(Turn turn) => turn.ServerCost;

    private static double Answers(Turn turn) => turn.Load.Throughput;

    private static double Tail(Turn turn) => turn.Load.Times.Quantile(0.99);

    private static double Unanswered(Turn turn) => 100.0 * turn.Load.Unanswered / Math.Max(1, turn.Load.Unanswered + turn.Load.Answered + turn.Load.Failed);

    private static string Number(double number) => number.ToString("F0", CultureInfo.InvariantCulture);
}
