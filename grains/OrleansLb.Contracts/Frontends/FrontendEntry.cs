namespace OrleansLb.Contracts.Frontends;

/// <summary>One live front-end in the directory.</summary>
/// <param name="FrontendId">Name of the front-end.</param>
/// <param name="Incarnation">Its current incarnation.</param>
/// <param name="Observer">Where silos push to.</param>
/// <param name="ConfigurationVersion">Version of the configuration it last said it serves.</param>
/// <param name="Draining">Whether it is about to leave.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendEntry")]
public sealed record FrontendEntry(
    [property: Id(0)] string FrontendId,
    [property: Id(1)] long Incarnation,
    [property: Id(2)] IFrontendObserver Observer,
    [property: Id(3)] long ConfigurationVersion,
    [property: Id(4)] bool Draining)
{
    /// <summary>How long ago something was sent to it that it has shown to have received: it relied on the cluster after that.</summary>
    [Id(5)] public TimeSpan SinceProven { get; init; }

    /// <summary>The smallest number of parts of a limit, of which one is its own, that it may rely on; 0 for none.</summary>
    [Id(6)] public int ShareParts { get; init; }

    /// <summary>Whether it only uses limits, as an application does, and carries no traffic of pools.</summary>
    [Id(7)] public bool LimitsOnly { get; init; }

    /// <summary>Whether every silo has heard of it. Only then is it served by grains that must not forget whom they served.</summary>
    [Id(8)] public bool IsKnownEverywhere { get; init; }

    /// <summary>What it last said came of its requests; <see langword="null"/> when it does not count.</summary>
    [Id(9)] public ServedTraffic? Traffic { get; init; }
}
