namespace OrleansLb.Contracts.RateLimits;

/// <summary>The answer to a <see cref="LimitSlotRequest"/>. What it grants ends a fixed time after the front-end's last answered request was sent.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.LimitSlotReply")]
public sealed record LimitSlotReply
{
    /// <summary>Epoch of the activation.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>The request's number.</summary>
    [Id(1)] public required long Sequence { get; init; }

    /// <summary>N of the part 1/N of each limit that is this front-end's without the cluster.</summary>
    [Id(2)] public required int ShareParts { get; init; }

    /// <summary>Whether the activation knows who holds what; until then nobody gets more than it has.</summary>
    [Id(3)] public required bool IsComplete { get; init; }

    /// <summary>One for each claim, in its order.</summary>
    [Id(4)] public required LimitSlotGrant[] Grants { get; init; }
}
