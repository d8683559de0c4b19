namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What a pool holds of one front-end. It outlives its counts as a fence against late reports.</summary>
internal sealed class FrontendRow(string frontendId, long incarnation)
{
    public string FrontendId { get; } = frontendId;

    public long Incarnation { get; } = incarnation;

    /// <summary>Counts as of <see cref="Sequence"/>; zero entries are left out.</summary>
    public Dictionary<BackendKey, LoadEntry> Entries { get; } = [];

    public TrafficMeter Meter { get; } = new();

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

    public TimeSpan RequestsEndAt => HeardAt + LoadLease.Requests(Tau);

    public TimeSpan ConnectionsEndAt => HeardAt + LoadLease.Connections;

    public TimeSpan FenceEndsAt => HeardAt + LoadLease.Fence;

    /// <summary>What of the row is in the totals.</summary>
    public LoadEntry[] CountedEntries() =>
        [.. Entries.Values.Select(entry => CountsRequests ? entry : entry with { Requests = 0 }).Where(static entry => !entry.IsZero)];
}
