using Microsoft.Extensions.Logging;
using OrleansLb.Configuration;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Tracing;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>YARP's clients, which meet backends by TLS as their pools want, and say when they do not believe one.</summary>
internal sealed partial class BackendClientFactory(CertificateStore certificates, BackendVerification verification, ForwardingTimes times, ILogger<BackendClientFactory> logger, ILogger<ForwarderHttpClientFactory> yarps)
    : ForwarderHttpClientFactory(yarps)
{
    protected override bool CanReuseOldClient(ForwarderHttpClientContext context) =>
        base.CanReuseOldClient(context) && BackendTls.Of(context.OldMetadata)?.ToString() == BackendTls.Of(context.NewMetadata)?.ToString();

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.ActivityHeadersPropagator = BackendPropagator.Instance;
        if (BackendTls.Of(context.NewMetadata) is { } tls)
            Connect(context.ClusterId, tls, handler);
        else if (context.NewConfig.DangerousAcceptAnyServerCertificate == true)
            LogNotVerified(logger, context.ClusterId);
        else
            handler.SslOptions.RemoteCertificateValidationCallback = verification.For(context.ClusterId);
    }

    private void Connect(string pool, BackendTls tls, SocketsHttpHandler handler)
    {
        if (certificates.Backend(tls.Profile) is null)
            LogNoProfile(logger, pool, $"{TlsOptions.SectionName}:{nameof(TlsOptions.Backends)}", tls.Profile!);
        handler.ConnectCallback = new BackendConnector(pool, tls, certificates, verification).Connect;
        // What was made by files that have been replaced since is not for ever.
        handler.PooledConnectionLifetime = times.Life;
    }
}
