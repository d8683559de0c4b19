namespace OrleansLb.Hosting.Certificates;

/// <summary>Where a certificate is.</summary>
public sealed class CertificateFiles
{
    /// <summary>PEM file with the certificate and after it those of the authorities between it and the root, or a PFX file with all of it and the key.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>PEM file with the private key.</summary>
    /// <value>Default: it is in the file of the certificate.</value>
    public string? Key { get; set; }

    /// <summary>Password of the key or of the PFX file.</summary>
    public string? Password { get; set; }

    /// <summary>Hosts that it is for, as <c>example.com</c> or <c>*.example.com</c>.</summary>
    /// <value>Default: those that it says.</value>
    public IList<string> Hosts { get; } = [];
}
