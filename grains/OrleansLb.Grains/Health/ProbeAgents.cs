using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts;
using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Probes;
using Orleans.Runtime.Services;

namespace OrleansLb.Grains.Health;

/// <summary>Asks another silo for its opinion.</summary>
internal sealed class ProbeAgents(
    IServiceProvider services,
    ISiloStatusOracle silos,
    [FromKeyedServices(Clocks.Key)] TimeProvider clock) : GrainServiceClient<IProbeAgent>(services)
{
    // A silo whose probe ran into its timeout still has to say so.
    private static readonly TimeSpan CallAllowance = TimeSpan.FromMilliseconds(200);

    private static readonly ProbeOutcome NobodyReported = new(ProbeOutcomeKind.NotRun, 0, TimeSpan.Zero);

    /// <summary>Runs a probe from another silo, a different one each time.</summary>
    /// <param name="target">What to probe.</param>
    /// <param name="cancellationToken">The caller ends.</param>
    /// <returns>The outcome, NotRun when the silo did not report; <see langword="null"/> when the cluster has no other silo.</returns>
    public async ValueTask<ProbeOutcome?> ProbeElsewhere(ProbeTarget target, CancellationToken cancellationToken)
    {
        var others = silos.GetApproximateSiloStatuses(onlyActive: true).Keys.Where(silo => !silo.Equals(silos.SiloAddress)).ToArray();
        if (others.Length == 0)
            return null;

        var chosen = others[Random.Shared.Next(others.Length)];
        try
        {
            var report = await GetGrainService(chosen).Probe(target.ToWire()).WaitAsync(target.Timeout + CallAllowance, clock, cancellationToken);
            return report.ToModel();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && GrainCall.IsFailure(exception))
        {
            return NobodyReported;
        }
    }
}
