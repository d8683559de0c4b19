namespace OrleansLb.Frontend.Http.Tls;

/// <summary>Whether clients show certificates, and whose.</summary>
public sealed class ClientCertificateOptions
{
    /// <summary>Whether they do.</summary>
    /// <value>Default <see cref="ClientCertificateMode.None"/>.</value>
    public ClientCertificateMode Mode { get; set; }

    /// <summary>PEM file of the authorities whose certificates are in order: those, and no others that the machine may trust. Needed unless none is asked for.</summary>
    public string? Authorities { get; set; }
}
