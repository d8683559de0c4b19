namespace OrleansLb.Grains.Acme;

/// <summary>An order that is under way, as it is stored.</summary>
[GenerateSerializer, Alias("OrleansLb.AcmeOrderEntry")]
internal sealed class AcmeOrderEntry
{
    /// <summary>Where the authority has it.</summary>
    [Id(0)]
    public string Url { get; set; } = "";

    /// <summary>The private key of the certificate to be, sealed.</summary>
    [Id(1)]
    public byte[] Key { get; set; } = [];

    /// <summary>What the authority asks front-ends for.</summary>
    [Id(2)]
    public List<string> Tokens { get; set; } = [];

    [Id(3)]
    public DateTimeOffset Begun { get; set; }
}
