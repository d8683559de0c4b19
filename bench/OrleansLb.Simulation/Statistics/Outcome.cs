using System.Collections.Immutable;
using OrleansLb.Reports;
using OrleansLb.Simulation.Meters;

namespace OrleansLb.Simulation.Statistics;

/// <summary>What a policy did in a scenario, over all seeds.</summary>
public sealed class Outcome
{
    private readonly TimeHistogram _times = new();
    private readonly long[] _picks;

    internal Outcome(string policy, IReadOnlyList<RunResult> runs)
    {
        Policy = policy;
        Means = [.. runs.Select(static run => run.Times.Mean)];
        Spreads = [.. runs.Select(static run => run.Spread)];
        HerdIndex = Estimate.Of([.. runs.Select(static run => run.HerdIndex)]);
        ExchangesPerRequest = runs.Average(static run => run.ExchangesPerRequest);
        Lost = runs.Sum(static run => run.Lost);
        Failed = runs.Sum(static run => run.Failed);
        Misdirected = runs.Sum(static run => run.Misdirected);
        Peaks = [.. Enumerable.Range(0, runs[0].Peaks.Length).Select(backend => runs.Max(run => run.Peaks[backend]))];
        _picks = new long[runs[0].Picks.Length];
        foreach (var run in runs)
        {
            _times.Add(run.Times);
            for (var i = 0; i < _picks.Length; i++)
                _picks[i] += run.Picks[i];
        }
    }

    /// <summary>The policy's name.</summary>
    public string Policy { get; }

    /// <summary>Mean time from pick to end, in service times, per seed.</summary>
    public ImmutableArray<double> Means { get; }

    /// <summary>Time averages of (most in flight at a backend) / (mean in flight), per seed.</summary>
    public ImmutableArray<double> Spreads { get; }

    /// <summary>Mean time from pick to end, in service times.</summary>
    public Estimate Mean => Estimate.Of(Means);

    /// <summary>Time average of (most in flight at a backend) / (mean in flight), per weight.</summary>
    public Estimate Spread => Estimate.Of(Spreads);

    /// <summary>How often front-ends pick alike, as a multiple of chance.</summary>
    public Estimate HerdIndex { get; }

    /// <summary>Reports sent for each request.</summary>
    public double ExchangesPerRequest { get; }

    /// <summary>Requests that dying front-ends took along.</summary>
    public long Lost { get; }

    /// <summary>Requests that backends failed.</summary>
    public long Failed { get; }

    /// <summary>The share of all requests that had no answer.</summary>
    public double FailedShare => (double)(Failed + Lost) / (Count + Failed + Lost);

    /// <summary>Picks of a backend that was ruled out, although another one took traffic.</summary>
    public long Misdirected { get; }

    /// <summary>Per backend the most that it ever had in flight in any run, relative to that run's mean, per weight.</summary>
    public ImmutableArray<double> Peaks { get; }

    /// <summary>Requests answered.</summary>
    public long Count => _times.Count;

    /// <summary>The share of all picks that some backends got.</summary>
    /// <param name="isCounted">Whether the backend of an index is one of them.</param>
    public double ShareOf(Func<int, bool> isCounted) =>
        (double)_picks.Where((_, backend) => isCounted(backend)).Sum() / _picks.Sum();

    /// <summary>The time from pick to end that a share of requests does not exceed, in service times.</summary>
    /// <param name="share">0 to 1.</param>
    public double Quantile(double share) => _times.Quantile(share);
}
