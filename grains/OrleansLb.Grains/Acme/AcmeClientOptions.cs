namespace OrleansLb.Grains.Acme;

/// <summary>What a silo needs to order certificates, beside the order itself, which is the cluster's configuration. The same on all silos: any of them may have to do it.</summary>
internal sealed class AcmeClientOptions
{
    /// <summary>Where it is configured.</summary>
    public const string SectionName = "OrleansLb:AcmeClient";

    /// <summary>File with the 32 random bytes by which private keys are sealed before they are stored.</summary>
    /// <value>Needed where certificates are ordered.</value>
    public string? SealingKey { get; set; }

    /// <summary>File with the sealing key before that one, by which what is stored can still be opened.</summary>
    /// <value>Default: none.</value>
    public string? PreviousSealingKey { get; set; }

    /// <summary>PEM file of the authorities that make the certificate of the ACME server itself, for one of one's own. No other is believed then.</summary>
    /// <value>Default: whom the machine trusts.</value>
    public string? Authorities { get; set; }
}
