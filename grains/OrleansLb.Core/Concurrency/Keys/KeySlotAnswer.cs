namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>A range's answer to a <see cref="KeySlotReport"/>; it counts only while that report is the front-end's newest.</summary>
public sealed record KeySlotAnswer
{
    /// <summary>The activation that answers.</summary>
    public required long Epoch { get; init; }

    /// <summary>Sequence of the report.</summary>
    public required long Sequence { get; init; }

    /// <summary>N of the part 1/N of each limit that is this front-end's share, should it lose the cluster.</summary>
    public required int ShareParts { get; init; }

    /// <summary>Whether the activation knows who holds what; until then nobody gets more than it has.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>One for each claim, in its order.</summary>
    public required KeySlotGrant[] Grants { get; init; }
}
