namespace OrleansLb.Grains.Acme;

/// <summary>A certificate as it is stored.</summary>
[GenerateSerializer, Alias("OrleansLb.AcmeEntry")]
internal sealed class AcmeEntry
{
    [Id(0)]
    public string Name { get; set; } = "";

    /// <summary>What was asked for last, and of whom.</summary>
    [Id(1)]
    public string Asked { get; set; } = "";

    /// <summary>What was asked for when the certificate was given; empty while there is none.</summary>
    [Id(2)]
    public string Issued { get; set; } = "";

    /// <summary>The certificate and those between it and the root, in PEM.</summary>
    [Id(3)]
    public string Chain { get; set; } = "";

    /// <summary>Its private key, sealed.</summary>
    [Id(4)]
    public byte[] Key { get; set; } = [];

    [Id(5)]
    public DateTimeOffset NotAfter { get; set; }

    [Id(6)]
    public DateTimeOffset RenewAt { get; set; }

    /// <summary>The order that is under way; <see langword="null"/> for none.</summary>
    [Id(7)]
    public AcmeOrderEntry? Order { get; set; }

    /// <summary>Orders that failed since the last success.</summary>
    [Id(8)]
    public int Failures { get; set; }

    /// <summary>Not before then is it tried again.</summary>
    [Id(9)]
    public DateTimeOffset TryAt { get; set; }

    [Id(10)]
    public string? LastError { get; set; }

    /// <summary>By what its keys are sealed.</summary>
    public string Secret => $"the key of certificate {Name}";

    /// <summary>When the next order is made; <see langword="null"/> while one is under way.</summary>
    public DateTimeOffset? NextOrder(string wanted)
    {
        if (Order is not null)
            return null;
        var due = Issued == wanted ? RenewAt : DateTimeOffset.MinValue;
        return due > TryAt ? due : TryAt;
    }
}
