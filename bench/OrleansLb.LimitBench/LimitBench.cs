using System.Globalization;
using OrleansLb.LimitBench.Contestants;
using OrleansLb.LimitBench.Measurements;
using OrleansLb.Reports;

namespace OrleansLb.LimitBench;

/// <summary>Lets the contestants take turns and says how they compare.</summary>
internal sealed class LimitBench(int rounds, TimeSpan length, DirectoryInfo folder, TextWriter output)
{
    private const int Success = 0;
    private const int SomethingMissed = 1;

    // What a decision that a lease pays for may take.
    private static readonly TimeSpan LeasedBar = TimeSpan.FromTicks(3);

    // Askers, and how much slower than Redis an exact decision may be.
    private static readonly (int Askers, double Bar)[] Matches = [(1, 1.15), (16, 1), (64, 1)];

    private readonly Table _table = new("askers", "contestant", "median (us)", "p99 (us)", "decisions/s", "CPU of all processes (us)", "bytes here", "collections/s here", "median / Redis", "p99 / Redis");
    private readonly List<string> _misses = [];

    public async Task<int> Run(CancellationToken cancellation)
    {
        await using (var stage = await Stage.Build(cancellation))
        {
            await using var redis = await stage.Redis();
            var exact = await stage.Policy("exact", cancellation);
            var loop = new ClosedLoop(stage.Servers);
            foreach (var (askers, bar) in Matches)
                await Match(loop, exact, redis, askers, bar);
            await output.WriteLineAsync(_table.ToMarkdown());
            await Leased("A leased decision", await stage.Policy("leased", cancellation));
            await Leased("A leased slot, taken and given back,", await stage.Policy("in flight", cancellation));
        }

        WriteFiles();
        foreach (var miss in _misses)
            await output.WriteLineAsync($"missed: {miss}");
        return _misses.Count == 0 ? Success : SomethingMissed;
    }

    private async Task Match(ClosedLoop loop, ClusterLimit exact, RedisLimit redis, int askers, double bar)
    {
        var (ours, theirs) = (new List<Turn>(), new List<Turn>());
        // The first turn of each is for the compiler.
        for (var round = 0; round <= rounds; round++)
        {
            await output.WriteLineAsync($"{askers} askers, turn {round} of {rounds}");
            ours.Add(await loop.Run(exact, askers, length));
            theirs.Add(await loop.Run(redis, askers, length));
        }

        ours.RemoveAt(0);
        theirs.RemoveAt(0);
        var median = Median(ours.Zip(theirs, static (our, their) => our.Median / their.Median));
        var tail = Median(ours.Zip(theirs, static (our, their) => our.Tail / their.Tail));
        Add(askers, exact.Name, ours, Number(median), Number(tail));
        Add(askers, redis.Name, theirs, "1", "1");
        if (median > bar)
            _misses.Add($"{askers} askers: the median is {Number(median)} x that of Redis, where {Number(bar)} is asked for.");
        if (tail > bar)
            _misses.Add($"{askers} askers: p99 is {Number(tail)} x that of Redis, where {Number(bar)} is asked for.");
    }

    private async Task Leased(string what, ClusterLimit leased)
    {
        // Once for the compiler, and once more for the better code.
        await LeasedCost.Measure(leased);
        await LeasedCost.Measure(leased);
        var cost = await LeasedCost.Measure(leased);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{what} takes {cost.Time.TotalNanoseconds:F0} ns and allocates {cost.Bytes:F2} bytes; leases paid for {cost.Share:P2} of them."));
        if (cost.Time > LeasedBar)
            _misses.Add($"{what} takes {Number(cost.Time.TotalNanoseconds)} ns, where {Number(LeasedBar.TotalNanoseconds)} are asked for.");
        if (cost.Bytes >= 1)
            _misses.Add($"{what} allocates {Number(cost.Bytes)} bytes, where none is asked for.");
    }

    private void Add(int askers, string name, List<Turn> turns, string median, string tail) => _table.Add(
        askers,
        name,
        Range(turns, static turn => turn.Median.TotalMicroseconds),
        Range(turns, static turn => turn.Tail.TotalMicroseconds),
        Median(turns.Select(static turn => turn.Throughput)).ToString("F0", CultureInfo.InvariantCulture),
        Range(turns, static turn => turn.ProcessorTime.TotalMicroseconds),
        Median(turns.Select(static turn => (double)turn.Bytes)).ToString("F0", CultureInfo.InvariantCulture),
        Median(turns.Select(static turn => turn.Collections)).ToString("F0", CultureInfo.InvariantCulture),
        median,
        tail);

    private void WriteFiles()
    {
        folder.Create();
        File.WriteAllText(Path.Combine(folder.FullName, "limits.md"), _table.ToMarkdown());
        File.WriteAllText(Path.Combine(folder.FullName, "limits.csv"), _table.ToCsv());
    }

    private static string Range(IEnumerable<Turn> turns, Func<Turn, double> figure) => Spread.Of(turns.Select(figure)).ToString("F0");

    private static double Median(IEnumerable<double> figures) => Spread.Of(figures).Median;

    private static string Number(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
