namespace OrleansLb.Core.Snapshots;

/// <summary>A probe that only connects.</summary>
public sealed record TcpProbeDefinition : ProbeDefinition
{
    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Tcp;
}
