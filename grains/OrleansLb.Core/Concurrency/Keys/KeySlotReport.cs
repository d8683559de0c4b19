namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>
/// One front-end's report to a range: of keys whose numbers changed, or whose last claim was not answered. Of the others it has what it had. It is a sign of life
/// for all of them.
/// </summary>
public sealed record KeySlotReport
{
    /// <summary>Front-end id.</summary>
    public required string FrontendId { get; init; }

    /// <summary>Grows with each start of the front-end. Each incarnation holds slots of its own: a killed one's are counted until they lapse.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Grows with each report of the incarnation to this range, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>The lowest epoch whose answers it takes.</summary>
    public required long LeastEpoch { get; init; }

    /// <summary>Whether it names every key of which the front-end has or wants any: of the others it has none.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The keys.</summary>
    public required KeySlotClaim[] Claims { get; init; }
}
