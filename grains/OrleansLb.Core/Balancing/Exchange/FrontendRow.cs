using OrleansLb.Core.Retries;

namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What a pool holds of one front-end. It outlives its counts as a fence against late reports.</summary>
internal sealed class FrontendRow(string frontendId, long incarnation)
{
    public string FrontendId { get; } = frontendId;

    public long Incarnation { get; } = incarnation;

    /// <summary>Counts as of <see cref="Sequence"/>; zero entries are left out.</summary>
    public Dictionary<BackendKey, LoadEntry> Entries { get; } = [];

    public TrafficMeter Meter { get; } = new();

    /// <summary>What was sent a second time, as last reported.</summary>
    public RetryTally? Retries { get; set; }

    /// <summary>Outcomes as last reported.</summary>
    public Dictionary<BackendKey, OutcomeEntry> Outcomes { get; } = [];

    /// <summary>Whether <see cref="Outcomes"/> is what later ones are compared with; the first report is only that level.</summary>
    public bool HasOutcomes { get; set; }

    /// <summary>The newest version of the totals that was known when the report of <see cref="Sequence"/> was made; 0 for none of this epoch.</summary>
    public long MadeAfter { get; set; }

    /// <summary>Highest sequence applied; a report that is not newer changes nothing.</summary>
    public long Sequence { get; set; }

    /// <summary>Whether <see cref="Entries"/> is the vector of <see cref="Sequence"/>; false once the row was dropped.</summary>
    public bool HasVector { get; set; }

    /// <summary>Whether requests are part of the totals; false once their lease has ended.</summary>
    public bool CountsRequests { get; set; }

    /// <summary>Whether the front-end said good-bye: nothing more is taken of this incarnation.</summary>
    public bool HasLeft => Sequence == long.MaxValue;

    /// <summary>When the last report was applied.</summary>
    public TimeSpan HeardAt { get; set; }

    public TimeSpan Tau { get; set; }

    /// <summary>
    /// Whether the front-end may have outcomes that it has not reported. An idle one reports as soon as it begins a request.
    /// </summary>
    public bool IsUnderWay => CountsRequests && Tau < ExchangePace.Idle;

    public TimeSpan RequestsEndAt => HeardAt + LoadLease.Requests(Tau);

    public TimeSpan ConnectionsEndAt => HeardAt + LoadLease.Connections;

    public TimeSpan FenceEndsAt => HeardAt + LoadLease.Fence;

    /// <summary>What of the row is in the totals.</summary>
    public LoadEntry[] CountedEntries() =>
        [.. Entries.Values.Select(entry => CountsRequests ? entry : entry with { Requests = 0 }).Where(static entry => !entry.IsZero)];
}
