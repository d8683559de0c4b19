using System.Net.Sockets;
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
    public Turn Run(Contestant contestant, IReadOnlyList<byte[]> requests, double rate, TimeSpan length)
    {
        using var load = new HttpLoad(contestant.Address, requests);
        var pace = rate > 0 ? Pace.Fixed(rate, TimeProvider.System.TimestampFrequency) : Pace.Saturating;
        return Run(contestant, rate, () => load.Run(pace, length, cancellation));
    }

    /// <summary>A load at saturation.</summary>
    /// <param name="contestant">Through whom.</param>
    /// <param name="clients">Makes the clients.</param>
    /// <param name="length">How long.</param>
    public Turn Saturate(Contestant contestant, Func<Contestant, ILoad> clients, TimeSpan length)
    {
        try
        {
            using var load = clients(contestant);
            return Run(contestant, rate: 0, () => load.Saturate(length, cancellation));
        }
        catch (Exception exception) when (exception is IOException or SocketException or FormatException)
        {
            throw new BenchException($"{contestant.Name} cannot be measured: {exception.Message}", exception);
        }
    }

    private Turn Run(Contestant contestant, double rate, Func<LoadResult> load)
    {
        var (before, began) = (Account.Take(stage, contestant), TimeProvider.System.GetTimestamp());
        var result = load();
        var (used, elapsed) = (Account.Take(stage, contestant) - before, TimeProvider.System.GetElapsedTime(began));
        if (result.Answered == 0)
            throw new BenchException($"{contestant.Name} answered nothing within {result.Elapsed.TotalSeconds:F1} s; the first failure: {result.FirstFailure ?? "none"}");
        return new Turn(rate, result, used.Server, used.Cluster, used.Backend, used.OthersOf(elapsed));
    }
}
