using OrleansLb.EdgeBench.Reports;
using OrleansLb.EdgeBench.Stages;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>From the start of a process to its first answer from a backend.</summary>
internal sealed class ColdStartScenario : IScenario
{
    private const int Backends = 4;
    private const int MostConnections = 4096;

    public string Name => "cold-start";

    public async Task<Finding> Run(Effort effort, CancellationToken cancellation)
    {
        using var stage = await Stage.Start(effort.Contestants, new StagePlan(Backends), MostConnections, cancellation);
        var names = stage.Contestants.Where(static contestant => !contestant.KeepsSessions).Select(static contestant => contestant.Name).ToArray();
        var times = names.ToDictionary(static name => name, static _ => new List<double>());
        var turns = new Table("contestant", "round", "seconds");
        for (var round = 1; round <= effort.Rounds; round++)
        {
            await effort.Progress.WriteLineAsync($"round {round} of {effort.Rounds}, cold start");
            foreach (var name in names)
            {
                var took = await stage.Restart(stage.Contestants.First(contestant => contestant.Name == name), cancellation);
                times[name].Add(took.TotalMilliseconds);
                turns.Add(name, round, took.TotalSeconds);
            }
        }

        var table = new Table("through", "first answer after (ms)");
        foreach (var (name, figures) in times)
            table.Add(name, Spread.Of(figures).ToString("F0"));
        return new Finding(
            [
                new Section(
                    "Cold start",
                    "From the start of the process to its first answer from a backend, asked for every 5 ms. The front-end of OrleansLb has been there before: it starts with the configuration that it has on disk, beside a silo that runs.",
                    table,
                    new BarPicture("Cold start", "milliseconds", [.. times.Select(static each => (each.Key, Spread.Of(each.Value)))]),
                    []),
            ],
            turns);
    }
}
