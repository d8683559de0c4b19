using System.Collections.Immutable;

namespace OrleansLb.Core.Snapshots;

/// <summary>A probe that talks over one TCP connection: success when every step went as written.</summary>
public sealed record ScriptProbeDefinition : ProbeDefinition
{
    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Script;

    /// <summary>Steps in their order.</summary>
    /// <value>1 to 32.</value>
    public required ImmutableArray<ScriptStep> Steps { get; init; }
}
