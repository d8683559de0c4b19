using OrleansLb.Core.Retries;

namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>One front-end's message to one pool: its own row, or what changed in it. All counts are absolute.</summary>
public sealed record LoadReport
{
    /// <summary>The front-end that owns the row.</summary>
    public required string FrontendId { get; init; }

    /// <summary>Grows with each start of the front-end; a higher one replaces the row of the process before it.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Grows with each report of this incarnation, from 1.</summary>
    public required long Sequence { get; init; }

    /// <summary>
    /// The report whose vector, with <see cref="Entries"/> laid over it, gives the whole row; 0 when <see cref="Entries"/>
    /// is the whole row itself. Every backend whose count was sent with another value after that report is among the entries.
    /// </summary>
    public required long BaseSequence { get; init; }

    /// <summary>The epoch of the newest reply accepted; <see cref="PoolEpoch.None"/> before the first.</summary>
    public required PoolEpoch AckedEpoch { get; init; }

    /// <summary>The version of the newest reply accepted; 0 asks for all totals.</summary>
    public required long AckedVersion { get; init; }

    /// <summary>How long the front-end intends to wait before its next report.</summary>
    public required TimeSpan Tau { get; init; }

    /// <summary>Traffic of this front-end to the pool since the incarnation began.</summary>
    public required TrafficCounters Counters { get; init; }

    /// <summary>Counts per backend, each backend at most once; of two the later one counts.</summary>
    public required LoadEntry[] Entries { get; init; }

    /// <summary>
    /// Outcomes per backend, each backend at most once: those that changed since <see cref="BaseSequence"/>, or all that there are.
    /// </summary>
    public OutcomeEntry[] Outcomes { get; init; } = [];

    /// <summary>What this front-end sent a second time since the incarnation began; <see langword="null"/> from one that does not tell.</summary>
    public RetryTally? Retries { get; init; }

    /// <summary>Whether the report carries the whole row.</summary>
    public bool IsFull => BaseSequence == 0;
}
