namespace OrleansLb.Hosting.Status;

/// <summary>The certificate of the status server, where its address says <c>https</c>.</summary>
public sealed class StatusTlsOptions
{
    /// <summary>PEM file with the certificate and after it those between it and the root, or a PFX file with all of it and the key.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the private key.</summary>
    /// <value>Default: it is in the file of the certificate.</value>
    public string? Key { get; set; }

    /// <summary>Password of the key or of the PFX file.</summary>
    public string? Password { get; set; }
}
