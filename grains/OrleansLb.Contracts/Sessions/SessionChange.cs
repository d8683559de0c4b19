namespace OrleansLb.Contracts.Sessions;

/// <summary>Bindings of one range that are not what front-ends may remember: replaced, moved or revoked.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.SessionChange")]
public sealed record SessionChange
{
    /// <summary>The pool.</summary>
    [Id(0)] public required string PoolId { get; init; }

    /// <summary>Number of the range.</summary>
    [Id(1)] public required int Range { get; init; }

    /// <summary>Epoch of the activation that says so.</summary>
    [Id(2)] public required long Epoch { get; init; }

    /// <summary>Version that the changes begin after.</summary>
    [Id(3)] public required long FromVersion { get; init; }

    /// <summary>Version that they lead to.</summary>
    [Id(4)] public required long ToVersion { get; init; }

    /// <summary>The sessions.</summary>
    [Id(5)] public required SessionId[] Sessions { get; init; }

    /// <summary>Whether all are named; if not, any may have changed.</summary>
    [Id(6)] public required bool IsComplete { get; init; }
}
