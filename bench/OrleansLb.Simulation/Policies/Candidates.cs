using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Policies;

/// <summary>The backends that come into question for a while, and what policies need of their weights. Immutable.</summary>
public sealed class Candidates
{
    private readonly int[] _backends;
    private readonly int[] _places;
    private readonly double[] _weights;
    private AliasTable? _alias;
    private WeightedRoundRobinSchedule? _schedule;
    private WeightedDraw? _draw;

    /// <param name="backends">Their indexes, ascending.</param>
    /// <param name="weights">Per candidate its weight, above 0.</param>
    /// <param name="all">Backends of the pool.</param>
    internal Candidates(int[] backends, double[] weights, int all)
    {
        (_backends, _weights, _places) = (backends, weights, new int[all]);
        Array.Fill(_places, -1);
        for (var place = 0; place < backends.Length; place++)
            _places[backends[place]] = place;
    }

    /// <summary>Per candidate the index of its backend; policies pick a position in this list.</summary>
    public ReadOnlySpan<int> Backends => _backends;

    /// <summary>Per backend of the pool its position among the candidates; -1 for those that are none.</summary>
    public ReadOnlySpan<int> Places => _places;

    /// <summary>Per candidate its weight, as configured and as far as it has warmed up.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    internal AliasTable Alias => _alias ??= AliasTable.Build(_weights);

    internal WeightedRoundRobinSchedule Schedule => _schedule ??= WeightedRoundRobinSchedule.Build(_weights);

    internal WeightedDraw Draw => _draw ??= new WeightedDraw(_weights);
}
