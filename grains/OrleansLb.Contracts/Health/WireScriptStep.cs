namespace OrleansLb.Contracts.Health;

/// <summary>One step of a probe's script.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Text">Bytes with the escapes of the configuration, or a regular expression.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.WireScriptStep")]
public readonly record struct WireScriptStep(
    [property: Id(0)] WireScriptStepKind Kind,
    [property: Id(1)] string Text);
