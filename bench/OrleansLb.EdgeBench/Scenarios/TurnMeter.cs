using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Stages;
using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>Runs loads and reads what the operating system accounts for them.</summary>
internal sealed class TurnMeter(Stage stage, CancellationToken cancellation)
{
    /// <summary>One load.</summary>
    /// <param name="contestant">Through whom.</param>
    /// <param name="requests">What each connection asks.</param>
    /// <param name="rate">Requests a second; 0 for as many as there are answers to.</param>
    /// <param name="length">How long.</param>
    /// <param name="anew">Whether each request has a connection of its own.</param>
    public Turn Run(Contestant contestant, IReadOnlyList<byte[]> requests, double rate, TimeSpan length, bool anew = false)
    {
        using var load = new HttpLoad(contestant.Address, requests, anew);
        var pace = rate > 0 ? Pace.Fixed(rate, TimeProvider.System.TimestampFrequency) : Pace.Saturating;
        var before = Account.Take(stage, contestant);
        var result = load.Run(pace, length, cancellation);
        var used = Account.Take(stage, contestant) - before;
        if (result.Answered == 0)
            throw new BenchException($"{contestant.Name} answered nothing within {result.Elapsed.TotalSeconds:F1} s; the first failure: {result.FirstFailure ?? "none"}");
        return new Turn(rate, result, used.Server, used.Cluster, used.Backend, used.OthersOf(result.Elapsed));
    }
}
