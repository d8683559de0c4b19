using System.Globalization;
using OrleansLb.Simulation.Statistics;

namespace OrleansLb.Simulator.Experiments;

/// <summary>How long and how often to run.</summary>
/// <param name="Seeds">Runs of each policy in each scenario, 1 or more.</param>
/// <param name="Cores">Runs at a time.</param>
/// <param name="IsQuick">A tenth of the time: to see that it works, not to believe the figures.</param>
/// <param name="Progress">Where to say what is being run.</param>
internal sealed record Effort(int Seeds, int Cores, bool IsQuick, TextWriter Progress)
{
    private readonly long _began = TimeProvider.System.GetTimestamp();

    /// <summary>Runs with every seed.</summary>
    public Replications Replications { get; } = new(Seeds, Cores);

    /// <summary>How fast it went.</summary>
    public string Pace()
    {
        var took = TimeProvider.System.GetElapsedTime(_began);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Replications.Combinations} pairs of a front-end and a backend in {took.TotalSeconds:F0} s: {Replications.Combinations / took.TotalMinutes:F0} a minute");
    }

    /// <summary>Shortens a time when in a hurry.</summary>
    public double Long(double serviceTimes) => IsQuick ? serviceTimes / 10 : serviceTimes;

    public void Say(string what) => Progress.WriteLine($"  {what}");
}
