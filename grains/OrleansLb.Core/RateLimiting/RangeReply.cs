namespace OrleansLb.Core.RateLimiting;

/// <summary>The answer to a <see cref="RangeRequest"/>; arrays answer the request's entries by position.</summary>
public readonly record struct RangeReply()
{
    /// <summary>Epoch of the activation.</summary>
    public required long Epoch { get; init; }

    /// <summary>The request's number.</summary>
    public required long Seq { get; init; }

    /// <summary>False when the request was not newer than one before it: nothing was decided and both arrays are empty.</summary>
    public required bool IsApplied { get; init; }

    /// <summary>
    /// N: what this front-end may serve when it cannot reach the cluster is 1/N of the limit, from the moment that
    /// <see cref="Reachability"/> states, until it is told something else.
    /// </summary>
    public required int ShareParts { get; init; }

    /// <summary>Answers to <see cref="RangeRequest.Acquires"/>.</summary>
    public AcquireDecision[] Decisions { get; init; } = [];

    /// <summary>Answers to <see cref="RangeRequest.Renewals"/>.</summary>
    public LeaseGrant[] Grants { get; init; } = [];
}
