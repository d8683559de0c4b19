using System.ComponentModel.DataAnnotations;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Tls;

namespace OrleansLb.Frontend.Http.Tls;

/// <summary>How TLS ends at the front-end, where <see cref="HttpFrontendOptions.Urls"/> says <c>https</c>, and how it begins towards backends.</summary>
public sealed class TlsOptions
{
    public const string SectionName = HttpFrontendOptions.SectionName + ":Tls";

    /// <summary>The certificates, each by a name that only the log, the metrics and <see cref="Default"/> know.</summary>
    public IDictionary<string, CertificateFiles> Certificates { get; } = new SortedDictionary<string, CertificateFiles>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the certificates are shown too that the cluster orders by itself. For a host that one of the files is for, that one is shown.</summary>
    /// <value>Default <see langword="false"/>, and this front-end is given no key of them.</value>
    public bool Acme { get; set; }

    /// <summary>Name of the certificate for clients that ask for no host or for one that no certificate has.</summary>
    /// <value>Default: the first in the order of the alphabet.</value>
    public string? Default { get; set; }

    /// <summary>The oldest version that is spoken.</summary>
    /// <value>Default <see cref="TlsVersion.Tls12"/>.</value>
    [EnumDataType(typeof(TlsVersion))]
    public TlsVersion MinimumVersion { get; set; } = TlsVersion.Tls12;

    /// <summary>How backends are met, each way by the name by which pools choose it.</summary>
    public IDictionary<string, BackendTlsOptions> Backends { get; } = new SortedDictionary<string, BackendTlsOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the authorities of the certificates are asked, where these say, whether they are revoked, and clients are shown the answers (OCSP stapling; RFC 6066, section 8). Only on Linux.</summary>
    /// <value>Default <see langword="false"/>, and nobody is asked.</value>
    public bool OcspStapling { get; set; }

    /// <summary>Whether clients show certificates.</summary>
    public ClientCertificateOptions ClientCertificates { get; } = new();

    /// <summary>
    /// Handshakes that one client may begin at this front-end at once, and again over each 10 s; a connection beyond is ended before its handshake. Of IPv6 a client is a network of 64 bits.
    /// </summary>
    /// <value>Default: any number, as many clients may share an address; 1 or more.</value>
    [Range(1, int.MaxValue)]
    public int? MaxHandshakesPerClient { get; set; }

    /// <summary>Whether HTTP/3 is spoken too, over UDP at the ports of https. It needs the machine's library for QUIC.</summary>
    /// <value>Default <see langword="false"/>.</value>
    public bool Http3 { get; set; }

    /// <summary>For how long browsers shall come back by https only (<c>Strict-Transport-Security</c>, RFC 6797).</summary>
    /// <value>Default: nothing is said of it. 0 takes it back.</value>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan? HstsMaxAge { get; set; }

    /// <summary>Whether that is true of all hosts below as well.</summary>
    public bool HstsIncludeSubDomains { get; set; }
}
