using OrleansLb.Probes.Network;

namespace OrleansLb.Probes.Tcp;

/// <summary>Connects, and closes at once: what the backend would send or do afterwards is not looked at.</summary>
internal sealed class TcpProbe(IProbeNetwork network) : IProbe<TcpProbeTarget>
{
    public async ValueTask<ProbeAnswer> Ask(TcpProbeTarget target, CancellationToken cancellationToken)
    {
        await using var connection = await network.Connect(target.Host, target.Port, cancellationToken);
        return ProbeAnswer.Success;
    }
}
