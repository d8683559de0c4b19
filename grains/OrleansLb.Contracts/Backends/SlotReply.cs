namespace OrleansLb.Contracts.Backends;

/// <summary>A pool's answer to a <see cref="SlotRequest"/>. What it allows ends a fixed time after the request was sent.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.SlotReply")]
public sealed record SlotReply
{
    /// <summary>The activation that answers.</summary>
    [Id(0)] public required long Epoch { get; init; }

    /// <summary>Sequence of the request.</summary>
    [Id(1)] public required long Sequence { get; init; }

    /// <summary>N of the part 1/N of each limit that is this front-end's, should it lose the cluster.</summary>
    [Id(2)] public required int ShareParts { get; init; }

    /// <summary>Whether somebody lacks slots.</summary>
    [Id(3)] public required bool IsScarce { get; init; }

    /// <summary>One for each count of the request, in its order.</summary>
    [Id(4)] public required SlotAllowance[] Allowances { get; init; }
}
