namespace OrleansLb.Contracts.Backends;

/// <summary>One front-end's slots in one pool. With it the front-end gives up the reply to every request before it.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.SlotRequest")]
public sealed record SlotRequest : IFromFrontend
{
    /// <summary>The front-end that holds the slots.</summary>
    [Id(0)] public required string FrontendId { get; init; }

    /// <summary>Grows with each start of the front-end.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>Grows with each request of the incarnation, from 1.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>Epoch of the newest reply accepted; 0 for none.</summary>
    [Id(3)] public required long AckedEpoch { get; init; }

    /// <summary>Whether the front-end stops in good order, so that it holds nothing any more.</summary>
    [Id(4)] public required bool IsLeaving { get; init; }

    /// <summary>One for each backend of the pool.</summary>
    [Id(5)] public required SlotCount[] Counts { get; init; }
}
