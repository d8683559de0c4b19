using System.Globalization;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Stages;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>Small answers over kept connections, through everybody in turns: what a request costs, how many there can be, and how long they take below that.</summary>
/// <param name="name">As the command line calls it.</param>
/// <param name="levers">What else of ours takes part.</param>
internal sealed class KeepAliveScenario(string name, IReadOnlyList<Lever> levers) : IScenario
{
    private const int Connections = 32;
    private const int Backends = 4;
    private const int MostConnections = 4096;

    public string Name => name;

    public async Task<Finding> Run(Effort effort, CancellationToken cancellation)
    {
        using var stage = await Stage.Start(effort.Contestants, new StagePlan(Backends), MostConnections, cancellation);
        await stage.Add(levers, cancellation);
        var requests = new Dictionary<Contestant, byte[][]>();
        foreach (var contestant in stage.Contestants.Append(stage.Direct))
            requests[contestant] = await contestant.Requests(Connections, "/", cancellation);
        var meter = new TurnMeter(stage, cancellation);
        foreach (var (contestant, bytes) in requests)
        {
            await effort.Progress.WriteLineAsync($"warming up: {contestant.Name}");
            meter.Run(contestant, bytes, rate: 0, effort.WarmUp);
        }

        var log = new TurnLog([.. requests.Keys]);
        await Rounds(effort, log, meter, requests, [(KeepAliveLoads.Saturated, static _ => 0)], cancellation);
        var rate = log.Saturation(log.Reference);
        await Rounds(effort, log, meter, requests, [
            (KeepAliveLoads.LowOfAll, _ => KeepAliveLoads.Low * rate),
            (KeepAliveLoads.HighOfAll, _ => KeepAliveLoads.High * rate),
            (KeepAliveLoads.LowOfOwn, contestant => KeepAliveLoads.Low * log.Saturation(contestant)),
            (KeepAliveLoads.HighOfOwn, contestant => KeepAliveLoads.High * log.Saturation(contestant)),
        ], cancellation);
        return new Finding(new KeepAliveReport(log).Sections(), log.ToTable());
    }

    /// <summary>Every contestant has its turn with a load before the next load and the next round come: A B C A B C.</summary>
    private static async Task Rounds(
        Effort effort, TurnLog log, TurnMeter meter, Dictionary<Contestant, byte[][]> requests, IReadOnlyList<(string Name, Func<Contestant, double> Rate)> loads, CancellationToken cancellation)
    {
        for (var round = 1; round <= effort.Rounds; round++)
        {
            foreach (var load in loads)
            {
                await effort.Progress.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"round {round} of {effort.Rounds}, {load.Name}"));
                foreach (var (contestant, bytes) in requests)
                    log.Add(contestant, load.Name, await effort.Patience.Measure(() => meter.Run(contestant, bytes, load.Rate(contestant), effort.Turn), static turn => turn.Others, cancellation));
            }
        }
    }
}
