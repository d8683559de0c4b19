using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Names;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Core;
using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Clustering.Tls;

/// <summary>The certificate of this process and the authorities of its cluster, as they are now. What began with others goes on.</summary>
internal sealed class ClusterCertificates
{
    private readonly CertificateEntry _own;
    private readonly AuthoritiesEntry _authorities;
    private readonly Dictionary<ClusterRole, string> _names;
    private readonly MembershipOptions _options;

    /// <param name="options">Where they are; that they can be read was checked before.</param>
    /// <param name="role">What this process is.</param>
    /// <param name="metrics">Counts what comes of reading them.</param>
    /// <param name="clock">Tells when they expire.</param>
    /// <param name="logger">Log.</param>
    public ClusterCertificates(MembershipOptions options, ClusterRole role, CertificateMetrics metrics, [FromKeyedServices(Clocks.Key)] TimeProvider clock, ILogger<ClusterCertificates> logger)
    {
        var tls = options.Tls;
        _options = options;
        _names = Enum.GetValues<ClusterRole>().ToDictionary(static each => each, each => tls.NameOf(each, options.ClusterId));
        _own = new CertificateEntry("Cluster", new CertificateFiles { Certificate = tls.Certificate!, Key = tls.Key, Password = tls.Password }, clock, ClusterTlsValidation.PurposesOf(role));
        _authorities = new AuthoritiesEntry("Cluster:Authorities", tls.Authorities!);
        Shelf = new CertificateShelf([_own], [_authorities], metrics, clock, logger);
        Shelf.Look();
    }

    /// <summary>The files.</summary>
    public CertificateShelf Shelf { get; }

    /// <summary>The handshake with a silo that is connected to.</summary>
    /// <param name="verify">Hears what is wrong with its certificate, and has the last word.</param>
    public SslClientAuthenticationOptions ToSilo(RemoteCertificateValidationCallback verify) => new()
    {
        TargetHost = _names[ClusterRole.Silo],
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateContext = Own.Context,
        CertificateChainPolicy = TrustedAuthorities.Policy(Authorities, CertificatePurpose.Server),
        RemoteCertificateValidationCallback = verify,
        AllowRenegotiation = false,
        // A session that is resumed was verified by what was believed then.
        AllowTlsResume = false,
    };

    /// <summary>The handshake with whoever connects.</summary>
    /// <param name="verify">Hears what is wrong with the other's certificate, and has the last word.</param>
    public SslServerAuthenticationOptions ToAnybody(RemoteCertificateValidationCallback verify) => new()
    {
        ServerCertificateContext = Own.Context,
        EnabledSslProtocols = SslProtocols.Tls13,
        ClientCertificateRequired = true,
        CertificateChainPolicy = TrustedAuthorities.Policy(Authorities, CertificatePurpose.Client),
        RemoteCertificateValidationCallback = verify,
        AllowRenegotiation = false,
        AllowTlsResume = false,
    };

    /// <summary>As whom somebody may come in at a port by the names in his certificate: a silo everywhere, a front-end at the gateway.</summary>
    /// <param name="certificate">The certificate, which is in order otherwise.</param>
    /// <param name="port">The port.</param>
    /// <returns><see langword="null"/> if he may not.</returns>
    public AllowedNames? WhoComesIn(X509Certificate2 certificate, ClusterPort port)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames()).ToList();
        if (names.Exists(name => Is(name, ClusterRole.Silo)))
            return AllowedNames.Any;
        return port == ClusterPort.Gateway ? FrontendsOf(names) : null;
    }

    private OwnCertificate Own => _own.File.Value!;

    private X509Certificate2Collection Authorities => _authorities.File.Value!;

    private AllowedNames? FrontendsOf(List<string> names)
    {
        var ids = _options.Tls.FrontendsIn(names, _options.ClusterId);
        // Who is named is never anybody, even if nobody can have that name.
        if (ids.Count > 0)
            return ids.Where(FrontendId.IsValid).ToList() is { Count: > 0 } valid ? new AllowedNames(valid) : null;
        return !_options.Tls.RequireFrontendNames && names.Exists(name => Is(name, ClusterRole.Frontend)) ? AllowedNames.Any : null;
    }

    private bool Is(string name, ClusterRole role) => string.Equals(name, _names[role], StringComparison.OrdinalIgnoreCase);
}
