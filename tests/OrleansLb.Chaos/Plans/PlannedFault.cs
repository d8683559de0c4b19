namespace OrleansLb.Chaos.Plans;

/// <summary>One fault of a plan.</summary>
/// <param name="Trait">What it is.</param>
/// <param name="At">When it begins, after the start of the run.</param>
/// <param name="Length">After which time its cause is taken away.</param>
/// <param name="Choice">A number that chooses among those whom it can meet.</param>
/// <param name="Overlaps">Whether the one before is still there.</param>
public sealed record PlannedFault(FaultTrait Trait, TimeSpan At, TimeSpan Length, int Choice, bool Overlaps)
{
    /// <summary>When its cause is taken away, after the start of the run.</summary>
    public TimeSpan Ends => At + Length;
}
