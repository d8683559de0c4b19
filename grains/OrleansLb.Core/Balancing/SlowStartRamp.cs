using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Balancing;

/// <summary>
/// How much of its weight a backend has while it warms up: Envoy's slow start, counted from the moment at which the cluster let it take traffic, so that its
/// share follows the same ramp whatever the number of front-ends and whenever one of them was started.
/// </summary>
public static class SlowStartRamp
{
    /// <summary>The factor on the weight.</summary>
    /// <param name="sinceEligible">Time since the backend was let in; <see langword="null"/> when it was never out.</param>
    /// <param name="rules">The ramp; <see langword="null"/> for none.</param>
    /// <returns>From the ramp's least factor to 1: (t / window)^(1 / aggression).</returns>
    public static double Factor(TimeSpan? sinceEligible, SlowStartDefinition? rules)
    {
        if (rules is null || sinceEligible is not { } since || since >= rules.Window)
            return 1;
        var passed = Math.Max(0, since / rules.Window);
        return Math.Max(rules.MinWeightPercent / 100.0, Math.Pow(passed, 1 / rules.Aggression));
    }
}
