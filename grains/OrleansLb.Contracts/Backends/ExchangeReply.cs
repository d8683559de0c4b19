namespace OrleansLb.Contracts.Backends;

/// <summary>A pool's answer to one report.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.ExchangeReply")]
public sealed record ExchangeReply
{
    /// <summary>The life of the totals.</summary>
    [Id(0)] public required LoadEpoch Epoch { get; init; }

    /// <summary>Grows with each reply of the epoch.</summary>
    [Id(1)] public required long Version { get; init; }

    /// <summary>The version that the totals are a change of; 0 when they are all of them.</summary>
    [Id(2)] public required long BaseVersion { get; init; }

    /// <summary>The incarnation answered.</summary>
    [Id(3)] public required long Incarnation { get; init; }

    /// <summary>The sequence of the report answered.</summary>
    [Id(4)] public required long InReplyTo { get; init; }

    /// <summary>The highest sequence applied to the row that is in the totals; 0 for none.</summary>
    [Id(5)] public required long SequenceEcho { get; init; }

    /// <summary>Whether only the connections of the reader's row are in the totals.</summary>
    [Id(6)] public required bool RequestsLapsed { get; init; }

    /// <summary>Whether the pool wants the whole row next.</summary>
    [Id(7)] public required bool NeedFull { get; init; }

    /// <summary>Whether the totals hold every front-end.</summary>
    [Id(8)] public required bool IsComplete { get; init; }

    /// <summary>Requests a second arriving at all front-ends.</summary>
    [Id(9)] public required double ArrivalRate { get; init; }

    /// <summary>The part of it that arrives at the reader.</summary>
    [Id(10)] public required double ReaderArrivalRate { get; init; }

    /// <summary>Mean time of a plain request.</summary>
    [Id(11)] public required TimeSpan MeanServiceTime { get; init; }

    /// <summary>Front-ends that report to the pool.</summary>
    [Id(12)] public required int Frontends { get; init; }

    /// <summary>Totals by backend, or those that changed.</summary>
    [Id(13)] public required LoadCount[] Totals { get; init; }

    /// <summary>Epoch of the pool's eligibility table.</summary>
    [Id(14)] public required long EligibilityEpoch { get; init; }

    /// <summary>Version of the table within its epoch; a front-end that knows another asks for it, which repairs a lost push.</summary>
    [Id(15)] public required long EligibilityVersion { get; init; }

    /// <summary>Latencies by backend that moved by a twentieth since <see cref="BaseVersion"/>. None from a pool that does not know of them.</summary>
    [Id(16)] public LatencyMean[]? Latencies { get; init; }

    /// <summary>Why nothing of the report was taken in; the totals are good all the same. A pool that does not know of it answers such a report with an exception.</summary>
    [Id(17)] public WireLoadRefusal Refusal { get; init; }

    /// <summary>Front-ends among whom what the pool may have is divided: those that reported in the last ten minutes and did not leave. 0 from a pool that does not know of it.</summary>
    [Id(18)] public int Fleet { get; init; }
}
