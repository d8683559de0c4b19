using OrleansLb.Configuration;
using OrleansLb.Hosting.Status;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Says which pools want to be met in a way that this front-end does not know. It stays ready for the others.</summary>
internal sealed class BackendProfilesReadinessCheck(IConfigurationView configuration, CertificateStore certificates, IForwarderHttpClientFactory clients) : IReadinessCheck
{
    public string Name => "tls-profiles";

    public Readiness Check()
    {
        var faults = configuration.Current.Clusters.Select(static cluster => (Pool: cluster.ClusterId, Tls: BackendTls.Of(cluster.Metadata)))
            .Where(static pool => pool.Tls is not null).Select(pool => (pool.Pool, Fault: FaultOf(pool.Tls!)))
            .Where(static pool => pool.Fault is not null).Select(static pool => $"pool {pool.Pool} is answered 502: {pool.Fault}").ToList();
        return Readiness.Ready(faults.Count > 0 ? string.Join("; ", faults) : "no pool wants one that is not here");
    }

    private string? FaultOf(BackendTls tls)
    {
        if (clients is not BackendClientFactory)
            return $"{clients.GetType().Name} makes its clients";
        return certificates.Backend(tls.Profile) is null ? $"there is no {TlsOptions.SectionName}:{nameof(TlsOptions.Backends)}:{tls.Profile}" : null;
    }
}
