namespace OrleansLb.Contracts.RateLimits;

/// <summary>The answer to a <see cref="LimitRequest"/>; arrays answer the request's entries by position.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitReply")]
public sealed record LimitReply
{
    /// <summary>Epoch of the activation.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>The request's number.</summary>
    [Id(1)] public required long Seq { get; init; }

    /// <summary>False when the request was not newer than one before it.</summary>
    [Id(2)] public required bool Applied { get; init; }

    /// <summary>N: without the cluster this front-end may serve 1/N of the limit.</summary>
    [Id(3)] public required int ShareParts { get; init; }

    /// <summary>Answers to <see cref="LimitRequest.Acquires"/>.</summary>
    [Id(4)] public LimitDecision[] Decisions { get; init; } = [];

    /// <summary>Answers to <see cref="LimitRequest.Renewals"/>.</summary>
    [Id(5)] public LimitGrant[] Grants { get; init; } = [];

    /// <summary>Names the silo that holds the range: ranges of one silo can be asked with one message. 0 from a silo that does not say.</summary>
    [Id(6)] public int Silo { get; init; }
}
