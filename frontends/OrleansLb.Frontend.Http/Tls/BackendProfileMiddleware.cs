using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.Limits;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Refuses what is for a pool whose profile is not here, or whose clients are an application's own: no backend is at fault, and none is dialled with less than was asked for.</summary>
internal sealed class BackendProfileMiddleware(RequestDelegate next, CertificateStore certificates, IForwarderHttpClientFactory clients, RejectionMetrics metrics)
{
    // Metadata of another configuration is another object.
    private readonly ConditionalWeakTable<IReadOnlyDictionary<string, string>, BackendTls> _wanted = [];
    private readonly bool _hasOurClients = clients is BackendClientFactory;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetReverseProxyFeature().Cluster.Config.Metadata is not { } metadata || !metadata.ContainsKey(ClusterMetadataKeys.Tls) || IsKnown(metadata))
            return next(context);
        metrics.Rejected(context, EndReason.NoBackend, RejectionMetrics.NoTlsProfile);
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        return Task.CompletedTask;
    }

    private bool IsKnown(IReadOnlyDictionary<string, string> metadata) =>
        _hasOurClients && certificates.Backend(_wanted.GetValue(metadata, static metadata => BackendTls.Of(metadata)!).Profile) is not null;
}
