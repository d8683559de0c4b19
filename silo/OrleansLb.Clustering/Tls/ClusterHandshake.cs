using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Clustering.Names;
using OrleansLb.Core;
using OrleansLb.Core.Tls;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Clustering.Tls;

/// <summary>Makes sure of the other end of a connection before a byte of the cluster's passes over it.</summary>
internal sealed partial class ClusterHandshake(ClusterCertificates certificates, ClusterTlsMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<ClusterHandshake> logger)
{
    // Between machines of one cluster; who connects waits no longer than 2 s for all of it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LogPace = TimeSpan.FromSeconds(1);

    private readonly long _since = clock.GetTimestamp();
    private readonly HandshakeAllowance _strangers = new(ClusterTlsOptions.MostUnproven, TimeSpan.Zero);
    private long _saidAt;

    /// <summary>Secures a connection that this process makes to a silo.</summary>
    /// <param name="connection">The connection.</param>
    /// <exception cref="AuthenticationException">It is none, or the connection ended.</exception>
    public Task<SecuredTransport> Connect(ConnectionContext connection)
    {
        RefusalReason? refusal = null;
        bool Verify(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors faults) => (refusal = FaultOf(shown, faults)) is null;
        return Secure(connection, (stream, token) => stream.AuthenticateAsClientAsync(certificates.ToSilo(Verify), token), () => refusal);
    }

    /// <summary>Secures a connection that somebody makes to this silo. Its <see cref="AllowedNames"/> are among its features from then on.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="port">Where it comes in.</param>
    /// <exception cref="AuthenticationException">It is nobody who may come in there, or the connection ended.</exception>
    public async Task<SecuredTransport> Accept(ConnectionContext connection, ClusterPort port)
    {
        RefusalReason? refusal = null;
        AllowedNames? names = null;
        bool Verify(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors faults)
        {
            // Whoever connects has no host; its name is looked at here.
            refusal = FaultOf(shown, faults & ~SslPolicyErrors.RemoteCertificateNameMismatch);
            if (refusal is null && (names = certificates.WhoComesIn((X509Certificate2)shown!, port)) is null)
                refusal = RefusalReason.Name;
            return refusal is null;
        }

        var secured = await IfNotTooMany(connection, () => Secure(connection, (stream, token) => stream.AuthenticateAsServerAsync(certificates.ToAnybody(Verify), token), () => refusal));
        connection.Features.Set(names);
        return secured;
    }

    private static RefusalReason? FaultOf(X509Certificate? shown, SslPolicyErrors faults) => faults switch
    {
        _ when shown is not X509Certificate2 certificate || !TrustedAuthorities.IsPlain(certificate) => RefusalReason.Certificate,
        SslPolicyErrors.None => null,
        SslPolicyErrors.RemoteCertificateNameMismatch => RefusalReason.Name,
        _ => RefusalReason.Certificate,
    };

    /// <summary>Nobody is known before his handshake, and it costs us more than him: until he has proven who he is it counts against his address.</summary>
    private async Task<SecuredTransport> IfNotTooMany(ConnectionContext connection, Func<Task<SecuredTransport>> secure)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (!_strangers.TryBegin(address, clock.GetElapsedTime(_since), out var ticket))
            throw Refuse(connection, RefusalReason.Rate, "so many are under way or have failed that no more are begun for now", cause: null);
        SecuredTransport? secured = null;
        try
        {
            return secured = await secure();
        }
        finally
        {
            if (secured is null)
                _strangers.Failed(address, ticket, clock.GetElapsedTime(_since));
            else
                _strangers.Succeeded(address, ticket, clock.GetElapsedTime(_since));
        }
    }

    private async Task<SecuredTransport> Secure(ConnectionContext connection, Func<SslStream, CancellationToken, Task> authenticate, Func<RefusalReason?> refusal)
    {
        var stream = new SslStream(new TransportStream(connection.Transport));
        using var timeout = new CancellationTokenSource(Limit, clock);
        try
        {
            await authenticate(stream, timeout.Token);
            return new SecuredTransport(stream);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            var reason = refusal() ?? (timeout.IsCancellationRequested ? RefusalReason.Timeout : RefusalReason.Protocol);
            var refused = Refuse(connection, reason, exception.Message, exception);
            await stream.DisposeAsync();
            throw refused;
        }
    }

    private AuthenticationException Refuse(ConnectionContext connection, RefusalReason reason, string detail, Exception? cause)
    {
        metrics.Refused(reason);
        Say(connection, reason, detail);
        return new AuthenticationException($"{connection.RemoteEndPoint} is not a process of this cluster ({reason}).", cause);
    }

    /// <summary>Whoever can reach a port can make it say something: once a second is enough to know, and the metric counts all.</summary>
    private void Say(ConnectionContext connection, RefusalReason reason, string detail)
    {
        var (said, now) = (Interlocked.Read(ref _saidAt), clock.GetTimestamp());
        if ((said == 0 || clock.GetElapsedTime(said, now) >= LogPace) && Interlocked.CompareExchange(ref _saidAt, now, said) == said)
            LogRefused(logger, connection.RemoteEndPoint, reason, detail);
    }
}
