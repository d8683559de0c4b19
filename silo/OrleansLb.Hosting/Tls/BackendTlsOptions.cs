using OrleansLb.Hosting.Certificates;

namespace OrleansLb.Hosting.Tls;

/// <summary>How backends are met that speak TLS. A pool chooses it by its name, with <c>OrleansLb:Tls:Profile</c>.</summary>
public sealed class BackendTlsOptions
{
    /// <summary>PEM file of the authorities whose certificates are in order: those, and no others that the machine may trust.</summary>
    /// <value>Default: those that the machine trusts.</value>
    public string? Authorities { get; set; }

    /// <summary>PEM file with a certificate that is shown to backends who ask for one, and after it those of the authorities between it and the root, or a PFX file with all of it and the key.</summary>
    /// <value>Default: none is shown.</value>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the private key.</summary>
    /// <value>Default: it is in the file of the certificate.</value>
    public string? Key { get; set; }

    /// <summary>Password of the key or of the PFX file.</summary>
    public string? Password { get; set; }

    /// <summary>The oldest version that is spoken.</summary>
    /// <value>Default <see cref="TlsVersion.Tls12"/>.</value>
    public TlsVersion MinimumVersion { get; set; } = TlsVersion.Tls12;

    /// <summary>Where the certificate is; <see langword="null"/> for none.</summary>
    public CertificateFiles? Shown => Certificate is null ? null : new CertificateFiles { Certificate = Certificate, Key = Key, Password = Password };
}
