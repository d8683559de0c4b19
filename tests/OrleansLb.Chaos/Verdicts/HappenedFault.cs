using OrleansLb.Chaos.Plans;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>A fault as it was, by the clock of the run.</summary>
/// <param name="Planned">As it was planned.</param>
/// <param name="Whom">Whom it met; empty when its name says it.</param>
/// <param name="Began">When it began.</param>
/// <param name="Ended">When its cause had been taken away.</param>
/// <param name="Harm">What it took with it; <see langword="null"/> when nothing is lost by its kind.</param>
/// <param name="WholeAfter">How long after its end, and that of one that overlaps it, the cluster was whole again; <see langword="null"/> when it was not within the bound.</param>
/// <param name="Over">When the cluster was whole again, or nobody waited for that any more.</param>
/// <param name="Missing">What was not as it should be when it was looked at last; empty once the cluster was whole.</param>
public sealed record HappenedFault(PlannedFault Planned, string Whom, TimeSpan Began, TimeSpan Ended, Harm? Harm, TimeSpan? WholeAfter, TimeSpan Over, string Missing)
{
    /// <summary>Name and whom it met.</summary>
    public string Title => Whom.Length == 0 ? Planned.Trait.Name : $"{Planned.Trait.Name} {Whom}";
}
