using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>Weights of some candidates by what they report, worked out once a second. Immutable.</summary>
internal sealed class ReportedWeightView
{
    // The default of gRFC A58 for the same thing: reports come with every answer, and what they say of a whole backend changes more slowly.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _staleAt;

    /// <param name="candidates">The candidates.</param>
    /// <param name="now">Monotonic time.</param>
    public ReportedWeightView(PickCandidates candidates, TimeSpan now)
    {
        _staleAt = now + Lifetime;
        var loads = new ResourceLoad[candidates.Count];
        var configured = new double[candidates.Count];
        for (var i = 0; i < loads.Length; i++)
        {
            var slot = candidates.SlotOf(i);
            (loads[i], configured[i]) = (slot?.ReportedLoad ?? ResourceLoad.None, slot?.Definition.Weight ?? 1);
        }

        var weights = new double[candidates.Count];
        ResourceWeights.Fill(loads, configured, now, candidates.Pool?.Definition.Balancing.LoadReports ?? ResourceLoadRules.Default, weights);

        // What else makes a weight larger or smaller (warming up, degraded, an agent's word) does so to a reported one too.
        for (var i = 0; i < weights.Length; i++)
            weights[i] *= candidates.Weights[i] / configured[i];
        Alias = AliasTable.Build(weights);
    }

    public AliasTable Alias { get; }

    public bool IsCurrent(TimeSpan now) => now < _staleAt;
}
