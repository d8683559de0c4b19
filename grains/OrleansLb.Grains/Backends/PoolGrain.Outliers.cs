using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.Backends;

/// <summary>Outliers: what came of the requests of all front-ends, and who is out for a while because of it.</summary>
internal sealed partial class PoolGrain
{
    private readonly OutlierMachine _outliers = new();
    private readonly Dictionary<BackendKey, string> _ejectionReasons = [];
    private readonly Dictionary<BackendKey, string> _slowReasons = [];

    /// <summary>Goes over to another definition of the pool.</summary>
    private void FollowOutliers(PoolDefinition definition)
    {
        Load.KeepOutcomes(definition.Backends.Select(static backend => backend.Key).ToHashSet());
        var now = Now;
        foreach (var change in _outliers.Configure(definition, Load, now))
            Adopt(change, now);
    }

    /// <summary>What front-ends remember counts unless this activation has seen something itself.</summary>
    private void RecallOutlier(in BackendStatus status)
    {
        var key = status.Key;
        if (_health.Members.Any(member => member.Key == key && member.Outlier == OutlierVerdict.None))
            Adopt(PoolEligibilityMachine.SetOutlier(_health, key, _outliers.Resume(key, status.ImpliedOutlier, Now)));
    }

    private void JudgeOutliers()
    {
        var now = Now;
        foreach (var change in _outliers.Judge(Load, _health, now))
            Adopt(change, now);
    }

    private void Adopt(in OutlierChange change, TimeSpan decidedAt)
    {
        var key = change.Key;
        var backendId = _watched?.Backends.FirstOrDefault(backend => backend.Key == key)?.Id ?? key.ToString();
        if (change is { Kind: OutlierChangeKind.Ejected, Verdict.Ejection: { } ejection })
        {
            var (length, evidence) = (ejection.Until - decidedAt, change.Evidence.InWords());
            _ejectionReasons[key] = string.Create(CultureInfo.InvariantCulture, $"ejected for {length.TotalSeconds:0.#} s: {evidence}");
            healthMetrics.Ejected(PoolId, ejection.Cause);
            LogEjected(logger, PoolId, backendId, length, evidence);
        }
        else
        {
            if (change.Kind == OutlierChangeKind.Slowed)
                _slowReasons[key] = change.Evidence.InWords();
            LogOutlier(logger, PoolId, backendId, change.Kind);
        }

        Adopt(PoolEligibilityMachine.SetOutlier(_health, key, change.Verdict));
    }

    private void ForgetOutlier(BackendKey key)
    {
        _ejectionReasons.Remove(key);
        _slowReasons.Remove(key);
    }

    /// <summary>Why a backend is out or degraded. The activation that saw it may be gone; what front-ends remember of it is the rule.</summary>
    private string OutlierReasonOf(BackendKey key, in BackendStatus status)
    {
        var reason = status.Ejection is { } ejection
            ? _ejectionReasons.GetValueOrDefault(key) ?? $"ejected before this pool moved: {ejection.Cause}"
            : _slowReasons.GetValueOrDefault(key, "slow answers before this pool moved");
        return status.ByPanic ? $"panic; {reason}" : reason;
    }

    /// <summary>What is over of what was held against a backend; <see langword="null"/> when something begins.</summary>
    private static string? EndOf(in StateChange change) => change switch
    {
        { Before.Ejection: not null, After.Ejection: null } => "no longer ejected",
        { Before.Slow: true, After.Slow: false } => "no longer counted as slow",
        _ => null,
    };
}
