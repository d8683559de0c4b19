namespace OrleansLb.Core.Balancing;

/// <summary>
/// Picks the backend with the least in flight per weight, as far as the front-end can know. What the other front-ends have
/// sent since the snapshot is taken to have levelled the load as they know it; on top of that comes what only this
/// front-end knows, which is what it has itself sent and seen end. The least of these sums is taken, and of equal ones each
/// with the share that the others give it. The first part keeps many front-ends with the same snapshot from running to the
/// same idle backend (after M. Dahlin, "Interpreting Stale Load Information", IEEE TPDS 11(10), 2000), the second makes the
/// rule the local least requests that it turns into when nothing of the others is known.
/// </summary>
public static class LeastRequestsPicker
{
    /// <summary>
    /// How much of the request to place does not count. With all of it in the loads heavy backends are taken too early, with nothing of it
    /// light ones (Webster's divisor method; F. Pukelsheim, "Proportional Representation", 2014).
    /// </summary>
    /// <remarks>Given loads with some other part of the request in them, the rule is the one of that part.</remarks>
    public const double LeftOut = 0.5;

    // Below this many unseen requests the shares drown in rounding.
    private const double Nothing = 1e-6;

    /// <summary>Picks one of some backends.</summary>
    /// <param name="loads">Per backend what it would have in flight with the request to place: the estimate plus one.</param>
    /// <param name="known">The same as the other front-ends see it: without what only this one knows. Not looked at unless <see cref="Heeds"/>.</param>
    /// <param name="weights">Per backend its weight, above 0.</param>
    /// <param name="unseen">Requests of the others in flight that are in neither, 0 or more.</param>
    /// <param name="random">Breaks ties.</param>
    /// <returns>Index of the backend; -1 when there is none.</returns>
    public static int Pick(
        ReadOnlySpan<double> loads,
        ReadOnlySpan<double> known,
        ReadOnlySpan<double> weights,
        double unseen,
        ref PickRandom random)
    {
        if (loads.Length <= 1)
            return loads.Length - 1;
        weights = weights[..loads.Length];
        return Heeds(unseen)
            ? LeastLoad.Pick(new LevelledLoads(loads, known[..loads.Length], weights, unseen), weights, ref random)
            : LeastLoad.Pick(new SeenLoads(loads), weights, ref random);
    }

    /// <summary>Whether so many unseen requests make a difference. When not, nothing is asked of what the others know.</summary>
    /// <param name="unseen">Requests of the others in flight that are in no load, 0 or more.</param>
    public static bool Heeds(double unseen) => unseen >= Nothing;
}
