namespace OrleansLb.Grains.Acme;

/// <summary>The account and the certificates as they are stored. Private keys are sealed.</summary>
[GenerateSerializer, Alias("OrleansLb.AcmeState")]
internal sealed class AcmeState
{
    /// <summary>The authority that has the account.</summary>
    [Id(0)]
    public string Directory { get; set; } = "";

    /// <summary>Key of the account, sealed; empty before there is one.</summary>
    [Id(1)]
    public byte[] AccountKey { get; set; } = [];

    /// <summary>Where the authority has the account; empty before it does.</summary>
    [Id(2)]
    public string AccountUrl { get; set; } = "";

    [Id(3)]
    public List<AcmeEntry> Certificates { get; set; } = [];
}
