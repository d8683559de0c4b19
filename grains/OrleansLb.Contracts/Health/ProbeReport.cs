namespace OrleansLb.Contracts.Health;

/// <summary>The result of one probe.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">Status of HTTP, or of gRPC for NotServing; 0 when there was none.</param>
/// <param name="Duration">How long it took.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.ProbeReport")]
public sealed record ProbeReport(
    [property: Id(0)] WireProbeOutcome Outcome,
    [property: Id(1)] int Status,
    [property: Id(2)] TimeSpan Duration);
