using OrleansLb.LimitBench.Contestants;
using OrleansLb.LimitBench.Processes;

namespace OrleansLb.LimitBench.Measurements;

/// <summary>So many askers, each of which asks again as soon as it has its answer.</summary>
internal sealed class ClosedLoop(IReadOnlyList<ServerProcess> servers)
{
    public async Task<Turn> Run(IContestant contestant, int askers, TimeSpan length)
    {
        var (processor, began) = (ProcessorTime(), TimeProvider.System.GetTimestamp());
        var deadline = began + (long)(length.TotalSeconds * TimeProvider.System.TimestampFrequency);
        var taken = await Task.WhenAll(Enumerable.Range(0, askers).Select(asker => Task.Run(() => Ask(contestant, asker, deadline))));
        var (elapsed, used) = (TimeProvider.System.GetElapsedTime(began), ProcessorTime() - processor);
        var times = taken.SelectMany(static times => times).Order().ToArray();
        return new Turn(
            times.Length,
            TimeProvider.System.GetElapsedTime(0, times[times.Length / 2]),
            TimeProvider.System.GetElapsedTime(0, times[(int)(times.Length * 0.99)]),
            times.Length / elapsed.TotalSeconds,
            used / times.Length);
    }

    private static async Task<List<long>> Ask(IContestant contestant, int asker, long deadline)
    {
        var times = new List<long>(capacity: 1 << 16);
        for (var number = asker; ; number++)
        {
            var asked = TimeProvider.System.GetTimestamp();
            if (asked >= deadline)
                return times;
            if (!await contestant.Decide(number % Stage.Keys))
                throw new InvalidOperationException($"{contestant.Name} refused a request.");
            times.Add(TimeProvider.System.GetTimestamp() - asked);
        }
    }

    private TimeSpan ProcessorTime() =>
        servers.Aggregate(Environment.CpuUsage.TotalTime, static (sum, server) => sum + server.ProcessorTime);
}
