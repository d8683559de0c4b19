namespace OrleansLb.Core.Balancing;

/// <summary>
/// What a backend's reports (an agent's, or ORCA's in responses) say of its capacity, as gRFC A58 counts it: requests a second / (utilisation + failures /
/// requests x penalty), which is what it would serve when fully used. A value: observing gives a new one. A backend whose connection or generation is new starts
/// from <see cref="None"/>.
/// </summary>
/// <param name="Weight">Of the last usable report; 0 when there is none.</param>
/// <param name="Since">Monotonic time of the first usable report of an uninterrupted series.</param>
/// <param name="At">Monotonic time of the last usable report.</param>
public readonly record struct ResourceLoad(double Weight, TimeSpan Since, TimeSpan At)
{
    /// <summary>No report.</summary>
    public static ResourceLoad None { get; }

    /// <summary>Takes in a report. One without requests or utilisation, or with numbers that are none, says nothing and changes nothing.</summary>
    /// <param name="requestRate">Requests a second, failed ones included.</param>
    /// <param name="failureRate">Failed requests a second; what is below 0 or no number counts as 0.</param>
    /// <param name="utilization">Share of its capacity in use; 1 is full, more is possible.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="rules">How reports are taken.</param>
    public ResourceLoad Observe(double requestRate, double failureRate, double utilization, TimeSpan now, ResourceLoadRules rules) =>
        TryObserve(requestRate, failureRate, utilization, now, rules, out var next) ? next : this;

    /// <summary>Takes in a report, and tells whether it says anything.</summary>
    /// <param name="requestRate">As of <see cref="Observe"/>.</param>
    /// <param name="failureRate">As of <see cref="Observe"/>.</param>
    /// <param name="utilization">As of <see cref="Observe"/>.</param>
    /// <param name="now">Monotonic time.</param>
    /// <param name="rules">How reports are taken.</param>
    /// <param name="next">Receives what is known with it; without meaning when it says nothing.</param>
    public bool TryObserve(double requestRate, double failureRate, double utilization, TimeSpan now, ResourceLoadRules rules, out ResourceLoad next)
    {
        next = default;
        if (!(requestRate > 0 && utilization > 0 && double.IsFinite(requestRate) && double.IsFinite(utilization)))
            return false;
        var penalty = failureRate > 0 && rules.ErrorPenalty > 0 ? failureRate / requestRate * rules.ErrorPenalty : 0;
        var weight = requestRate / (utilization + penalty);
        if (!(weight > 0))
            return false;
        var isNew = Weight <= 0 || now - At >= rules.Expiry;
        next = new ResourceLoad(PickWeight.Of(weight), isNew ? now : Since, now);
        return true;
    }

    /// <summary>The weight to pick by; 0 when there is none to believe: not reported, not for long enough, or too long ago.</summary>
    /// <param name="now">Monotonic time.</param>
    /// <param name="rules">How reports are taken.</param>
    public double Read(TimeSpan now, ResourceLoadRules rules) => now - At >= rules.Expiry || now - Since < rules.Blackout ? 0 : Weight;
}
