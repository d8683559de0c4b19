using Orleans.Concurrency;

namespace OrleansLb.Contracts.Acme;

/// <summary>
/// Orders the cluster's certificates: one order for all front-ends, whose challenges any of them answers. Front-ends ask once a second for what is new, which is also what keeps it at work wherever it has to go.
/// </summary>
[Alias("OrleansLb.IAcmeGrain"), GrainInterfaceType("OrleansLb.Contracts.Acme.IAcmeGrain")]
public interface IAcmeGrain : IGrainWithStringKey
{
    /// <summary>The key of the only one.</summary>
    const string Key = "acme";

    /// <summary>What a front-end does not have yet. It holds private keys: whoever asks is of the cluster.</summary>
    /// <param name="query">Who asks, and what it has.</param>
    [Alias("Follow"), CalledBy(Caller.Frontend), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<AcmeNews> Follow(AcmeQuery query);

    /// <summary>How the certificates fare, for people.</summary>
    [Alias("GetStatus"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:02")]
    ValueTask<AcmeStatus> GetStatus();
}
