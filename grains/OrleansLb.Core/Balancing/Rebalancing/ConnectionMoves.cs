using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Balancing.Rebalancing;

/// <summary>
/// One front-end's part in moving the connections of a pool. Every front-end reckons by the same totals, and ends of what a backend has too many the part that is its own, at its part of the pace: so that together they
/// end as many as there are too many, no faster than was asked for, without a word between them. For one caller at a time.
/// </summary>
public sealed class ConnectionMoves
{
    private double _credit;

    /// <summary>What is to be ended now.</summary>
    /// <param name="backends">The pool's backends.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="passed">Time since the last call; more than a second counts as one.</param>
    /// <returns>For each backend how many of this front-end's connections to end.</returns>
    public int[] Next(ReadOnlySpan<BackendConnections> backends, RebalanceDefinition settings, TimeSpan passed)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var ends = new int[backends.Length];
        Span<double> parts = backends.Length <= 256 ? stackalloc double[backends.Length] : new double[backends.Length];
        var (surplus, own) = Divide(backends, settings, parts);
        if (own <= 0)
        {
            _credit = 0;
            return ends;
        }

        var pace = settings.MaxPerSecond * own / surplus;
        _credit = Math.Min(_credit + (pace * Math.Min(passed.TotalSeconds, 1)), Math.Max(1, pace));
        Spend(backends, parts, ends);
        return ends;
    }

    /// <summary>What backends have too many: of all front-ends, and this one's part of it.</summary>
    private static (double Surplus, double Own) Divide(ReadOnlySpan<BackendConnections> backends, RebalanceDefinition settings, Span<double> parts)
    {
        var (connections, weights) = (0L, 0.0);
        foreach (ref readonly var backend in backends)
        {
            if (backend.Weight <= 0)
                continue;
            connections += backend.Total;
            weights += backend.Weight;
        }

        var (surplus, own) = (0.0, 0.0);
        for (var i = 0; i < backends.Length; i++)
        {
            ref readonly var backend = ref backends[i];
            var share = backend.Weight > 0 ? connections * (backend.Weight / weights) : backend.Total;
            // A whole one more than its share is the least that anybody can have too many.
            var most = Math.Max(share * (1 + (settings.TolerancePercent / 100.0)), share + 1);
            var many = backend.Total > most ? backend.Total - Math.Ceiling(share) : 0;
            parts[i] = many * Math.Min(1, backend.OfFrontend / (double)Math.Max(1, backend.Total));
            surplus += many;
            own += parts[i];
        }

        return (surplus, own);
    }

    private void Spend(ReadOnlySpan<BackendConnections> backends, ReadOnlySpan<double> parts, int[] ends)
    {
        for (var i = 0; i < backends.Length; i++)
        {
            // Rounded up: a part of one connection at each of several front-ends would be ended by nobody.
            ends[i] = (int)Math.Min(Math.Min(Math.Ceiling(parts[i]), backends[i].Own), Math.Floor(_credit));
            _credit -= ends[i];
        }
    }
}
