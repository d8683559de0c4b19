namespace OrleansLb.Contracts.Frontends;

/// <summary>What a front-end says about itself four times a second.</summary>
/// <param name="Incarnation">Incarnation that speaks.</param>
/// <param name="ConfigurationVersion">Version of the configuration it serves; 0 for none.</param>
/// <param name="Draining">Whether it is about to leave.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendHeartbeat")]
public sealed record FrontendHeartbeat(
    [property: Id(0)] long Incarnation,
    [property: Id(1)] long ConfigurationVersion,
    [property: Id(2)] bool Draining)
{
    /// <summary>How long it had not heard any grain when it sent this.</summary>
    [Id(3)] public TimeSpan Silence { get; init; }

    /// <summary>The number of parts of every limit that it relies on, of which one is its own; 0 before it was told any.</summary>
    [Id(4)] public int ShareParts { get; init; }

    /// <summary>What came of its requests under the configuration that it serves; <see langword="null"/> while that wants nothing counted, and from one that does not count.</summary>
    [Id(5)] public ServedTraffic? Traffic { get; init; }
}
