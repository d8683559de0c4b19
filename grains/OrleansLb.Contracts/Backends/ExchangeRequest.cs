namespace OrleansLb.Contracts.Backends;

/// <summary>One front-end's row for one pool, or what changed in it. All counts are absolute.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.ExchangeRequest")]
public sealed record ExchangeRequest : IFromFrontend
{
    /// <summary>The front-end that owns the row.</summary>
    [Id(0)] public required string FrontendId { get; init; }

    /// <summary>Grows with each start of the front-end.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>Grows with each report of the incarnation, from 1.</summary>
    [Id(2)] public required long Sequence { get; init; }

    /// <summary>The report that <see cref="Entries"/> are a change of; 0 when they are the whole row.</summary>
    [Id(3)] public required long BaseSequence { get; init; }

    /// <summary>Epoch of the newest reply accepted.</summary>
    [Id(4)] public required LoadEpoch AckedEpoch { get; init; }

    /// <summary>Version of the newest reply accepted; 0 asks for all totals.</summary>
    [Id(5)] public required long AckedVersion { get; init; }

    /// <summary>Time until the next report is intended.</summary>
    [Id(6)] public required TimeSpan Tau { get; init; }

    /// <summary>Requests picked since the incarnation began.</summary>
    [Id(7)] public required long Arrivals { get; init; }

    /// <summary>Plain requests ended since the incarnation began.</summary>
    [Id(8)] public required long Completions { get; init; }

    /// <summary>Sum of the times of the ended requests.</summary>
    [Id(9)] public required TimeSpan ServiceTime { get; init; }

    /// <summary>Counts by backend, each at most once.</summary>
    [Id(10)] public required LoadCount[] Entries { get; init; }

    /// <summary>Outcomes by backend, each at most once: those that changed since <see cref="BaseSequence"/>. None from a front-end that does not know of them.</summary>
    [Id(11)] public OutcomeCount[]? Outcomes { get; init; }

    /// <summary>What was sent a second time since the incarnation began. None from a front-end that does not know of it.</summary>
    [Id(12)] public RetryCount? Retries { get; init; }
}
