using System.Globalization;

namespace OrleansLb.BenchProcesses;

/// <summary>
/// On a machine that others use too: waits before a measurement until it is quiet and measures again what was disturbed, as long as there is patience left. It is one budget for a
/// whole run, so that a run ends on a machine that is never quiet.
/// </summary>
/// <param name="patience">How long it may wait and measure again in all.</param>
/// <param name="clock">The time.</param>
/// <param name="busy">Processor time that the machine was busy so far.</param>
public sealed class Patience(TimeSpan patience, TimeProvider clock, Func<TimeSpan> busy)
{
    /// <summary>Share of the machine that others may have while something is measured.</summary>
    public const double MostForOthers = 0.10;

    // Those who wait for their turn take a part of it themselves.
    private const double QuietBelow = 0.15;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    private TimeSpan _spent;
    private int _measurements;
    private int _disturbed;

    /// <summary>How many of the measurements were disturbed, as a sentence.</summary>
    public string Summary => string.Create(
        CultureInfo.InvariantCulture, $"In {_disturbed} of {_measurements} turns something else used more than {MostForOthers:P0} of the machine, after {_spent.TotalSeconds:F0} s of waiting and measuring again.");

    /// <summary>Measures.</summary>
    /// <param name="run">Measures once.</param>
    /// <param name="others">Share of the machine that others had meanwhile.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The first measurement that was not disturbed, or the last one.</returns>
    public async Task<T> Measure<T>(Func<T> run, Func<T, double> others, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(others);
        while (true)
        {
            await WaitUntilQuiet(cancellation);
            var began = clock.GetTimestamp();
            var measured = run();
            var disturbed = others(measured) > MostForOthers;
            if (disturbed && _spent < patience)
            {
                Spend(clock.GetElapsedTime(began));
                continue;
            }

            _measurements++;
            _disturbed += disturbed ? 1 : 0;
            return measured;
        }
    }

    private async Task WaitUntilQuiet(CancellationToken cancellation)
    {
        while (_spent < patience)
        {
            var (before, began) = (busy(), clock.GetTimestamp());
            await Task.Delay(Look, clock, cancellation);
            var elapsed = clock.GetElapsedTime(began);
            if ((busy() - before) / (elapsed * Environment.ProcessorCount) < QuietBelow)
                return;
            Spend(elapsed);
        }
    }

    private void Spend(TimeSpan time) => _spent += time;
}
