namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>A pool's answer to one report: the cluster's totals, or what changed in them. All counts are absolute.</summary>
public sealed record LoadReply
{
    /// <summary>The life of the totals.</summary>
    public required PoolEpoch Epoch { get; init; }

    /// <summary>Grows with each reply of the epoch, from 1.</summary>
    public required long Version { get; init; }

    /// <summary>The version that the totals are a change of; 0 when they are all of them.</summary>
    public required long BaseVersion { get; init; }

    /// <summary>The incarnation answered: a reply to the process before must not be taken by its successor.</summary>
    public required long Incarnation { get; init; }

    /// <summary>The sequence of the report answered.</summary>
    public required long InReplyTo { get; init; }

    /// <summary>
    /// The highest sequence applied to the row that is in the totals now: the vector the reader subtracts to be left with
    /// what is foreign. 0 when the totals hold nothing of the reader.
    /// </summary>
    public required long SequenceEcho { get; init; }

    /// <summary>Whether the reader's row is in the totals with its connections only, because the lease of its requests ended.</summary>
    public required bool RequestsLapsed { get; init; }

    /// <summary>Whether the pool cannot use changes and wants the whole row next.</summary>
    public required bool NeedFull { get; init; }

    /// <summary>Whether the totals hold every front-end; while <see langword="false"/> an older complete snapshot is the better one.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Traffic over all front-ends that are in the totals.</summary>
    public required PoolTraffic Traffic { get; init; }

    /// <summary>Totals per backend, each backend at most once; a backend that left carries zeros once.</summary>
    public required LoadEntry[] Totals { get; init; }

    /// <summary>
    /// Latency per backend, each backend at most once: those that moved by a twentieth since the version that the totals are a change
    /// of, or all that are known. One that is forgotten carries zero once.
    /// </summary>
    public BackendLatency[] Latencies { get; init; } = [];

    /// <summary>Why nothing of the report was taken in; the totals are good all the same.</summary>
    public LoadRefusal Refusal { get; init; }

    /// <summary>Whether the reply carries all totals.</summary>
    public bool IsFull => BaseVersion == 0;
}
