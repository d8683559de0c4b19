namespace OrleansLb.Contracts.Frontends;

/// <summary>Which state of which directory a copy has.</summary>
/// <param name="Directory">Identity of the activation; empty for none.</param>
/// <param name="Number">Grows with every incarnation that registers.</param>
[GenerateSerializer, Immutable, Alias("OrleansLb.FrontendListVersion")]
public readonly record struct FrontendListVersion([property: Id(0)] Guid Directory, [property: Id(1)] long Number);
