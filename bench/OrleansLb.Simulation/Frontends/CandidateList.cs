using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Simulation.Policies;

namespace OrleansLb.Simulation.Frontends;

/// <summary>Whom one front-end may pick by what it was told, with weights that grow while a backend warms up.</summary>
internal sealed class CandidateList(IReadOnlyList<BackendKey> keys, IReadOnlyList<double> weights, SlowStartDefinition? slowStart, PoolEligibility told)
{
    // As the product: the weight of a backend that warms up is taken anew this often in a ramp, and no more often.
    private const int StepsOfARamp = 100;
    private static readonly TimeSpan ShortestStep = TimeSpan.FromMilliseconds(100);

    private PoolEligibility _told = told;
    private Candidates? _candidates;
    private TimeSpan _staleAt;

    /// <summary>Takes in what the pool says; what is older than what is known is not.</summary>
    public void Hear(PoolEligibility eligibility)
    {
        if (eligibility.Version <= _told.Version)
            return;
        _told = eligibility;
        _candidates = null;
    }

    public Candidates At(TimeSpan now)
    {
        if (_candidates is null || now >= _staleAt)
            _candidates = Make(now);
        return _candidates;
    }

    private Candidates Make(TimeSpan now)
    {
        _staleAt = TimeSpan.MaxValue;
        var (backends, shares) = (new List<int>(keys.Count), new List<double>(keys.Count));
        for (var backend = 0; backend < keys.Count; backend++)
        {
            if (!_told.TryGet(keys[backend], out var status) || !status.TakesNew)
                continue;
            backends.Add(backend);
            shares.Add(weights[backend] * Ramp(status, now));
        }

        return new Candidates([.. backends], [.. shares], keys.Count);
    }

    private double Ramp(in BackendStatus status, TimeSpan now)
    {
        var since = now - status.EligibleSince;
        if (slowStart is not null && since < slowStart.Window)
            _staleAt = now + (slowStart.Window / StepsOfARamp is var step && step > ShortestStep ? step : ShortestStep);
        return SlowStartRamp.Factor(since, slowStart);
    }
}
