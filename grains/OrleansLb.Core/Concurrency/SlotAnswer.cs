namespace OrleansLb.Core.Concurrency;

/// <summary>A pool's answer to a <see cref="SlotReport"/>; it counts only while that report is the front-end's newest.</summary>
public sealed record SlotAnswer
{
    /// <summary>The activation that answers.</summary>
    public required long Epoch { get; init; }

    /// <summary>Sequence of the report.</summary>
    public required long Sequence { get; init; }

    /// <summary>N of the part 1/N of each limit that is this front-end's share, should it lose the cluster.</summary>
    public required int ShareParts { get; init; }

    /// <summary>Whether somebody lacks slots: what can be given back should be, at once, and asking more often gives nothing.</summary>
    public required bool IsScarce { get; init; }

    /// <summary>One for each claim, in its order.</summary>
    public required SlotGrant[] Grants { get; init; }
}
