namespace OrleansLb.Contracts.Frontends;

/// <summary>What a front-end says about itself four times a second.</summary>
/// <param name="Incarnation">Incarnation that speaks.</param>
/// <param name="ConfigurationVersion">Version of the configuration it serves; 0 for none.</param>
/// <param name="Draining">Whether it is about to leave.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendHeartbeat")]
public sealed record FrontendHeartbeat(
    [property: Id(0)] long Incarnation,
    [property: Id(1)] long ConfigurationVersion,
    [property: Id(2)] bool Draining);
