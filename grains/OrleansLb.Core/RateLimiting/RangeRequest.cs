namespace OrleansLb.Core.RateLimiting;

/// <summary>Everything that one front-end has to say to one range; it has at most one of these outstanding.</summary>
public readonly record struct RangeRequest()
{
    /// <summary>Front-end id, the same after a restart.</summary>
    public required string Holder { get; init; }

    /// <summary>Raised at every start of the front-end.</summary>
    public required long Incarnation { get; init; }

    /// <summary>Raised with every request of the incarnation to this range; one not newer than the last changes nothing.</summary>
    public required long Seq { get; init; }

    /// <summary>Epoch of the newest reply received, 0 for none.</summary>
    public long AckedEpoch { get; init; }

    /// <summary><see cref="Seq"/> of the newest reply received, 0 for none: proves that the front-end heard it.</summary>
    public long AckedSeq { get; init; }

    /// <summary>
    /// Epoch below which the front-end takes no reply, because it has told a newer activation what it knows; 0 for none. Who has a lower one has been replaced, or was
    /// asked something late: it knows too little, and has to begin anew above it.
    /// </summary>
    public long LeastEpoch { get; init; }

    /// <summary>Set when the front-end stops for good: it will neither spend nor serve a share again.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Requests to decide, in order of arrival.</summary>
    public AcquireEntry[] Acquires { get; init; } = [];

    /// <summary>What became of charges that could be given back, in the order in which that was known; before <see cref="Acquires"/>.</summary>
    public ChargeSettlement[] Settlements { get; init; } = [];

    /// <summary>Leases to settle and renew.</summary>
    public LeaseRenewal[] Renewals { get; init; } = [];
}
