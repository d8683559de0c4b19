namespace OrleansLb.Core.Concurrency;

/// <summary>One front-end's report to a pool. With it the front-end gives up the answer to every report before it.</summary>
public sealed record SlotReport
{
    /// <summary>Front-end id.</summary>
    public required string FrontendId { get; init; }

    /// <summary>Grows with each start of the front-end. Each incarnation holds slots of its own: a killed one's are counted until they lapse.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Grows with each report of the incarnation, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The activation whose answer was accepted last; 0 for none.</summary>
    public required long AckedEpoch { get; init; }

    /// <summary>Whether the front-end stops in good order: it holds no slot any more and wants none.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Every backend of the pool; one that is missing is neither held nor wanted.</summary>
    public required SlotClaim[] Claims { get; init; }
}
