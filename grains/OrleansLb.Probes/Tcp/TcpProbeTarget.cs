using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Tcp;

/// <summary>Where a TCP probe connects to.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Port.</param>
/// <param name="Timeout">How long connecting may take.</param>
public sealed record TcpProbeTarget(string Host, int Port, TimeSpan Timeout) : ProbeTarget(Timeout)
{
    /// <inheritdoc/>
    public override ProbeType Type => ProbeType.Tcp;
}
