using OrleansLb.BenchProcesses;
using OrleansLb.LimitBench.Contestants;

namespace OrleansLb.LimitBench.Measurements;

/// <summary>So many askers, each of which asks again as soon as it has its answer.</summary>
internal sealed class ClosedLoop(IReadOnlyList<ServerProcess> servers)
{
    // Of each asker, kept from turn to turn: what they take is not the contestants' doing.
    private readonly List<List<long>> _times = [];

    public async Task<Turn> Run(IContestant contestant, int askers, TimeSpan length)
    {
        while (_times.Count < askers)
            _times.Add(new List<long>(capacity: 1 << 16));
        var processor = ProcessorTime();
        var (allocated, collections, began) = (GC.GetTotalAllocatedBytes(), GC.CollectionCount(0), TimeProvider.System.GetTimestamp());
        var deadline = began + (long)(length.TotalSeconds * TimeProvider.System.TimestampFrequency);
        await Task.WhenAll(Enumerable.Range(0, askers).Select(asker => Task.Run(() => Ask(contestant, asker, deadline))));
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        (allocated, collections) = (GC.GetTotalAllocatedBytes() - allocated, GC.CollectionCount(0) - collections);
        var used = ProcessorTime() - processor;
        var times = _times.Take(askers).SelectMany(static times => times).Order().ToArray();
        return new Turn(
            times.Length,
            TimeProvider.System.GetElapsedTime(0, times[times.Length / 2]),
            TimeProvider.System.GetElapsedTime(0, times[(int)(times.Length * 0.99)]),
            times.Length / elapsed.TotalSeconds,
            used / times.Length,
            allocated / times.Length,
            collections / elapsed.TotalSeconds);
    }

    private async Task Ask(IContestant contestant, int asker, long deadline)
    {
        var times = _times[asker];
        times.Clear();
        for (var number = asker; ; number++)
        {
            var asked = TimeProvider.System.GetTimestamp();
            if (asked >= deadline)
                return;
            if (!await contestant.Decide(number % Stage.Keys))
                throw new InvalidOperationException($"{contestant.Name} refused a request.");
            times.Add(TimeProvider.System.GetTimestamp() - asked);
        }
    }

    private TimeSpan ProcessorTime() =>
        servers.Aggregate(Environment.CpuUsage.TotalTime, static (sum, server) => sum + server.ProcessorTime);
}
