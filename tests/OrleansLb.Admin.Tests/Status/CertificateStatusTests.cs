namespace OrleansLb.Admin.Tests.Status;

/// <summary>What the status says of certificates that the cluster orders.</summary>
public sealed class CertificateStatusTests
{
    [Fact]
    public async Task Get_CertificatesAreOrdered_AreThereWithWhatIsInTheirWay()
    {
        await using var cluster = await AdminCluster.StartWithFrontend(("OrleansLb:Acme:TermsAgreed", "true"), ("OrleansLb:Acme:Certificates:site:Hosts:0", "example.com"));
        var certificate = "";

        await Eventually.Holds("the certificate is in the status with its trouble", async () =>
        {
            var all = (await cluster.Get("/api/v1/status")).Body!["certificates"]!.AsArray();
            certificate = all.Count == 1 ? all[0]!.ToJsonString() : "";
            return certificate.Contains("sealed before they are stored", StringComparison.Ordinal);
        });

        Assert.StartsWith("""{"name":"site","hosts":["example.com"],"notAfter":null,"nextOrder":null,"failures":0,"lastError":"certificates are ordered""", certificate, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NothingIsOrdered_IsAnEmptyList()
    {
        await using var cluster = await AdminCluster.Start();

        Assert.Empty((await cluster.Get("/api/v1/status")).Body!["certificates"]!.AsArray());
    }
}
