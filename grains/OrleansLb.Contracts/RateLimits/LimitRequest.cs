namespace OrleansLb.Contracts.RateLimits;

/// <summary>Everything that one front-end has to say to one range.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitRequest")]
public sealed record LimitRequest : IFromFrontend
{
    /// <summary>Front-end id, the same after a restart.</summary>
    [Id(0)] public required string FrontendId { get; init; }

    /// <summary>Raised at every start of the front-end.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>Raised with every request of the incarnation to this range.</summary>
    [Id(2)] public required long Seq { get; init; }

    /// <summary>Epoch of the newest reply received, 0 for none.</summary>
    [Id(3)] public long AckedEpoch { get; init; }

    /// <summary><see cref="Seq"/> of the newest reply received, 0 for none.</summary>
    [Id(4)] public long AckedSeq { get; init; }

    /// <summary>Requests to decide, in order of arrival.</summary>
    [Id(5)] public LimitAcquire[] Acquires { get; init; } = [];

    /// <summary>Leases to settle and renew.</summary>
    [Id(6)] public LimitRenewal[] Renewals { get; init; } = [];

    /// <summary>What became of charges that could be given back; <see langword="null"/> or empty for none. They count before <see cref="Acquires"/>.</summary>
    [Id(7)] public LimitSettlement[]? Settlements { get; init; }

    /// <summary>Epoch below which the front-end takes no reply, 0 for none.</summary>
    [Id(8)] public long LeastEpoch { get; init; }
}
