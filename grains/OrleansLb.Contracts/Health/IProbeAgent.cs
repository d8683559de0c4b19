using Orleans.Services;

namespace OrleansLb.Contracts.Health;

/// <summary>
/// Runs probes from the silo it is called on: the second opinion. A service of every silo and not a grain, because the caller must
/// choose the silo, and what runs elsewhere than where it was asked to is no second opinion.
/// </summary>
[Alias("OrleansLb.IProbeAgent"), GrainInterfaceType("OrleansLb.Contracts.Health.IProbeAgent")]
public interface IProbeAgent : IGrainService
{
    /// <summary>Runs one probe.</summary>
    /// <param name="request">What to probe.</param>
    [Alias("Probe"), CalledBy(Caller.Silo)]
    Task<ProbeReport> Probe(ProbeRequest request);
}
