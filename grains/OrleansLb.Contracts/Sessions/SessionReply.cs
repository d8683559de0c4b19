namespace OrleansLb.Contracts.Sessions;

/// <summary>A range's answer for one session.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.SessionReply")]
public sealed record SessionReply
{
    /// <summary>What became of the request.</summary>
    [Id(0)] public required WireSessionOutcome Outcome { get; init; }

    /// <summary>Key of the backend in force; 0 for none.</summary>
    [Id(1)] public required ulong Backend { get; init; }

    /// <summary>Epoch of the binding; 0 when there never was one.</summary>
    [Id(2)] public required long BindingEpoch { get; init; }

    /// <summary>Epoch of the activation.</summary>
    [Id(3)] public required long Epoch { get; init; }

    /// <summary>Version of the range when it answered.</summary>
    [Id(4)] public required long Version { get; init; }

    /// <summary>Configuration that the range's silo serves: a front-end with an older one may not know the backend yet.</summary>
    [Id(5)] public required long ConfigurationVersion { get; init; }
}
