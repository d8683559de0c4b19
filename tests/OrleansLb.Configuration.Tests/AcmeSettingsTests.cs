using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

/// <summary>Certificates that the cluster is told to order.</summary>
public sealed class AcmeSettingsTests
{
    private const string Acme = "OrleansLb:Acme:";

    [Fact]
    public void Compile_EveryKey_IsWhatWasWritten()
    {
        var acme = TestDocuments.Compile(TestDocuments.Full()).Configuration!.Snapshot.Acme!;

        Assert.Equal(new Uri("https://ca.example/directory"), acme.Directory);
        Assert.Equal(["mailto:admin@example.com"], acme.Contacts);
        Assert.Equal(["api", "site"], acme.Certificates.Select(static one => one.Name));
        Assert.Equal(["example.com", "www.example.com"], acme.Certificates[1].Hosts);
    }

    [Fact]
    public void Compile_Least_IsOrderedOfLetsEncrypt()
    {
        var acme = TestDocuments.Compile(new Dictionary<string, string?> { [Acme + "TermsAgreed"] = "true", [Acme + "Certificates:a:Hosts:0"] = "a.example" }).Configuration!.Snapshot.Acme!;

        Assert.Equal((AcmeDefinition.DefaultDirectory, true), (acme.Directory, acme.Contacts.IsEmpty));
    }

    [Fact]
    public void Compile_Nothing_OrdersNothing() => Assert.Null(TestDocuments.Compile([]).Configuration!.Snapshot.Acme);

    [Theory]
    [InlineData("TermsAgreed", "false", "must be true: an authority gives nothing to who does not agree to its terms of service")]
    [InlineData("TermsAgreed", "maybe", "'maybe' is not true or false")]
    [InlineData("Directory", "http://ca.example/directory", "'http://ca.example/directory' is not the address of an authority's directory, as https://ca.example/directory")]
    [InlineData("Contacts:0", "admin@example.com", "'admin@example.com' is not an address such as mailto:admin@example.com")]
    [InlineData("Certificates:api:Hosts:0", "*.example.com", "'*.example.com' is a wildcard, which no authority gives for an answer over HTTP; let certbot or lego order it by DNS and name its files below OrleansLb:Frontend:Tls:Certificates")]
    [InlineData("Certificates:api:Hosts:0", "192.0.2.1", "'192.0.2.1' is an address; certificates are ordered for names")]
    [InlineData("Certificates:api:Hosts:0", "b\u00fccher.example", "'b\u00fccher.example' is not a name in the letters of the DNS, such as www.example.com or xn--bcher-kva.example")]
    [InlineData("Certificates:api:Hosts:0", "a..example", "'a..example' is not a name in the letters of the DNS, such as www.example.com or xn--bcher-kva.example")]
    [InlineData("Certificates:api:Hosts:1", "WWW.example.com", "'www.example.com' is in 'api' already", "Certificates:site:Hosts:0")]
    [InlineData("Certificates:a b:Hosts:0", "a.example", "is not called by 1 to 64 letters, digits, dots, dashes or underscores", "Certificates:a b")]
    [InlineData("Certificates:api:Names:0", "a.example", "unknown key; known: Hosts", "Certificates:api:Names")]
    [InlineData("TermAgreed", "true", "unknown key; did you mean TermsAgreed?")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string value, string message, string? path = null) =>
        TestDocuments.AssertRefused(Acme + key, value, message, Acme + (path ?? key));

    [Fact]
    public void Compile_MoreThanGoesIntoACertificateOrAMessage_IsRefused()
    {
        var settings = TestDocuments.Full();
        for (var host = 0; host <= 100; host++)
            settings[$"{Acme}Certificates:site:Hosts:{host}"] = $"h{host}.example";
        for (var certificate = 0; certificate < 100; certificate++)
            settings[$"{Acme}Certificates:c{certificate}:Hosts:0"] = $"c{certificate}.example";

        Assert.Equal(
            [new(Acme + "Certificates", "are 102; at most 100 are allowed"), new ConfigurationError(Acme + "Certificates:site:Hosts", "are 101; at most 100 go into one certificate")],
            TestDocuments.Compile(settings).Errors);
    }

    [Theory]
    [InlineData("Certificates", "names no certificate; leave the section out to order none")]
    [InlineData("TermsAgreed", "must be true: an authority gives nothing to who does not agree to its terms of service")]
    public void Compile_SomethingIsMissing_IsSaid(string key, string message)
    {
        var settings = TestDocuments.Full();
        foreach (var below in settings.Keys.Where(each => each.StartsWith(Acme + key, StringComparison.Ordinal)).ToList())
            settings.Remove(below);

        Assert.Equal(new ConfigurationError(Acme + key, message), Assert.Single(TestDocuments.Compile(settings).Errors));
    }
}
