using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Decides whether a backend is the one that is meant, and says and counts it when it is not.</summary>
internal sealed partial class BackendVerification(BackendTlsMetrics metrics, ILogger<BackendVerification> logger)
{
    /// <summary>The last word about a certificate: what the system found wrong with it is wrong.</summary>
    /// <param name="backend">Who should have shown it.</param>
    /// <param name="shown">The certificate; <see langword="null"/> for none.</param>
    /// <param name="chain">How far it leads.</param>
    /// <param name="errors">What the system found.</param>
    /// <returns>What is wrong; <see langword="null"/> for nothing.</returns>
    public BackendFault? Verify(in MeantBackend backend, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors)
    {
        if (BackendFault.Of(backend.Host, shown, chain, errors) is not { } fault)
            return null;
        metrics.Failed(backend.Pool, fault.Reason);
        LogNotVerified(logger, backend.Address, backend.Pool, fault.Reason, fault.Text);
        return fault;
    }

    /// <summary>The handshake ended for another reason than the backend's certificate: it speaks no TLS, no version of it that we do, or wants another certificate of us.</summary>
    public void HandshakeFailed(in MeantBackend backend, Exception exception)
    {
        metrics.Failed(backend.Pool, BackendFault.Handshake);
        LogNoHandshake(logger, backend.Address, backend.Pool, exception);
    }

    /// <summary>Verifies the backends of a pool by the names that YARP's client asks them for.</summary>
    public RemoteCertificateValidationCallback For(string pool) => (stream, shown, chain, errors) =>
        ((SslStream)stream).TargetHostName is var host && Verify(new MeantBackend(pool, host, host), shown, chain, errors) is null;
}
