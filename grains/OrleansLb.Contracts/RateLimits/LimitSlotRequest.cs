namespace OrleansLb.Contracts.RateLimits;

/// <summary>One front-end's slots of the keys of one range, as far as they changed. It is a sign of life for all that the front-end holds.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitSlotRequest")]
public sealed record LimitSlotRequest : IFromFrontend
{
    /// <summary>Front-end id, the same after a restart.</summary>
    [Id(0)] public required string FrontendId { get; init; }

    /// <summary>Raised at every start of the front-end, which then holds slots of its own.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>Raised with every request of the incarnation to this range.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>The lowest epoch whose replies it takes.</summary>
    [Id(3)] public required long LeastEpoch { get; init; }

    /// <summary>Whether it names every key of which the front-end has or wants any.</summary>
    [Id(4)] public bool IsWhole { get; init; }

    /// <summary>The keys.</summary>
    [Id(5)] public LimitSlotClaim[] Claims { get; init; } = [];
}
