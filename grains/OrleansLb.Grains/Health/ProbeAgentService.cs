using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Health;
using OrleansLb.Probes;

namespace OrleansLb.Grains.Health;

/// <summary>Runs probes that the monitors of other silos ask for.</summary>
internal sealed class ProbeAgentService(GrainId grainId, Silo silo, ILoggerFactory loggerFactory, Prober prober)
    : GrainService(grainId, silo, loggerFactory), IProbeAgent
{
    public async Task<ProbeReport> Probe(ProbeRequest request)
    {
        var outcome = await prober.Run(request.ToModel(), StoppedCancellationTokenSource.Token);
        return outcome.ToWire();
    }
}
