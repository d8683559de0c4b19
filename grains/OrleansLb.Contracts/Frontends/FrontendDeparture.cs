namespace OrleansLb.Contracts.Frontends;

/// <summary>A front-end's incarnation that is not in the list any more.</summary>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendDeparture")]
public sealed record FrontendDeparture
{
    /// <summary>Name of the front-end.</summary>
    [Id(0)] public required string FrontendId { get; init; }

    /// <summary>Incarnation that departed.</summary>
    [Id(1)] public required long Incarnation { get; init; }

    /// <summary>How long ago it was noticed.</summary>
    [Id(2)] public required TimeSpan Ago { get; init; }

    /// <summary>
    /// Whether it may be alive where no silo can be heard: it fell silent, and neither said goodbye nor came back as another
    /// incarnation.
    /// </summary>
    [Id(3)] public required bool MayBeAlive { get; init; }

    /// <summary>How long ago something was sent to it that it has shown to have received.</summary>
    [Id(4)] public required TimeSpan SinceProven { get; init; }

    /// <summary>The smallest number of parts of a limit, of which one is its own, that it may rely on; 0 for none.</summary>
    [Id(5)] public required int ShareParts { get; init; }
}
