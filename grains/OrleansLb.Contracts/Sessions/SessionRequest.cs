namespace OrleansLb.Contracts.Sessions;

/// <summary>What a front-end asks of a range for one session.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.SessionRequest")]
public sealed record SessionRequest : IFromFrontend
{
    /// <summary>The front-end that asks.</summary>
    [Id(0)] public required string FrontendId { get; init; }

    /// <summary>Grows with each start of the front-end.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>Epoch of the newest activation of the range that it knows; an older one that is asked begins anew.</summary>
    [Id(2)] public required long Epoch { get; init; }

    /// <summary>The session.</summary>
    [Id(3)] public required SessionId Session { get; init; }

    /// <summary>Key of the backend to bind it to; 0 only to ask.</summary>
    [Id(4)] public required ulong Candidate { get; init; }

    /// <summary>Epoch of the binding whose backend is lost, so that the candidate takes its place; 0 for none.</summary>
    [Id(5)] public long Replaces { get; init; }

    /// <summary>Backend that the front-end remembers from a binding; 0 for none.</summary>
    [Id(6)] public ulong KnownBackend { get; init; }

    /// <summary>Epoch of that binding.</summary>
    [Id(7)] public long KnownEpoch { get; init; }
}
