using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Contracts.Acme;
using OrleansLb.Grains.Acme;
using OrleansLb.Testing.Acme;
using OrleansLb.Testing.Clusters;

namespace OrleansLb.Grains.Tests.Acme;

/// <summary>Certificates that a cluster orders of a real authority.</summary>
public sealed class AcmeOrderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Order_TwoFrontends_IsOneForBoth()
    {
        await using var cluster = await AcmeCluster.Start();
        await using var first = await AnsweringFrontend.Start(cluster.Grains, "fe-1");
        await using var second = await AnsweringFrontend.Start(cluster.Grains, "fe-2");
        cluster.Port.LeadTo(first.Port, second.Port);
        var orders = OrdersOf(cluster);

        await cluster.Order(("site", ["www.example.com", "example.com"]));

        foreach (var frontend in new[] { first, second })
            await frontend.Reaches(() => frontend.Certificates.Length == 1, "the certificate");
        Assert.Equal(first.Certificates.Single(), second.Certificates.Single());
        Assert.Equal("issued", Assert.Single(orders.SelectMany(static each => each.GetMeasurementSnapshot())).Tags["outcome"]);
        using var certificate = Parse(first.Certificates.Single());
        Assert.Equal(["example.com", "www.example.com"], certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames().Order(StringComparer.Ordinal));
        Assert.True(Chains(certificate, first.Certificates.Single(), await cluster.Authority.Root(Cancellation)));
        // Each name was asked of somebody, and of both of them.
        Assert.Equal(new[] { first.Port, second.Port }.Order(), cluster.Port.Asked.Order());
        var status = Assert.Single((await cluster.Orders.GetStatus()).Certificates);
        Assert.Equal((certificate.NotAfter.ToUniversalTime(), null), (status.NotAfter!.Value.UtcDateTime, status.LastError));
        Assert.InRange(status.NextOrder!.Value, certificate.NotBefore + (certificate.NotAfter - certificate.NotBefore) * 0.6, certificate.NotBefore + (certificate.NotAfter - certificate.NotBefore) * 0.667);
    }

    [Fact]
    public async Task Order_SiloIsKilledInTheMiddle_IsFinishedByAnother()
    {
        await using var cluster = await AcmeCluster.Start(silos: 2);
        await using var frontend = await AnsweringFrontend.Start(cluster.Grains, "fe-1");
        cluster.Port.LeadTo(frontend.Port);
        frontend.SaysSo = false;
        await cluster.Order(("site", ["example.com"]));
        await frontend.Reaches(() => frontend.Tokens.Count == 1, "the challenge");

        await cluster.Silos.KillHostOf(cluster.Orders, Cancellation);
        frontend.SaysSo = true;

        await frontend.Reaches(() => frontend.Certificates.Length == 1, "the certificate");
        // The very order that was begun: another would have had another token.
        Assert.Single(frontend.Tokens);
    }

    [Fact]
    public async Task Challenge_AFrontendDoesNotHaveItYet_NobodyIsAsked()
    {
        await using var cluster = await AcmeCluster.Start();
        await using var first = await AnsweringFrontend.Start(cluster.Grains, "fe-1");
        await using var second = await AnsweringFrontend.Start(cluster.Grains, "fe-2");
        cluster.Port.LeadTo(first.Port);
        second.SaysSo = false;
        var requests = cluster.ServicesOf<IMeterFactory>().Select(static meters => new MetricCollector<long>(meters, AcmeMetrics.MeterName, "orleanslb.acme.requests")).ToList();
        await cluster.Order(("site", ["example.com"]));

        // Two a turn, of which there is one a second.
        await Eventually(() => Task.FromResult(requests.Sum(static each => each.GetMeasurementSnapshot().Count) > 14));
        Assert.Empty(cluster.Port.Asked);

        second.SaysSo = true;
        await second.Reaches(() => second.Certificates.Length == 1, "the certificate");
        Assert.Equal([first.Port], cluster.Port.Asked);
    }

    [Fact]
    public async Task Nonces_HalfAreRefused_OthersAreTaken()
    {
        await using var cluster = await AcmeCluster.Start(refusedNonces: 50);
        await using var frontend = await AnsweringFrontend.Start(cluster.Grains, "fe-1");
        cluster.Port.LeadTo(frontend.Port);
        var requests = cluster.ServicesOf<IMeterFactory>().Select(static meters => new MetricCollector<long>(meters, AcmeMetrics.MeterName, "orleanslb.acme.requests")).ToList();

        await cluster.Order(("site", ["example.com"]));
        await frontend.Reaches(() => frontend.Certificates.Length == 1, "the certificate");

        Assert.Contains(requests.SelectMany(static each => each.GetMeasurementSnapshot()), static request => (string)request.Tags["outcome"]! == "badNonce");
        Assert.Equal(0, Assert.Single((await cluster.Orders.GetStatus()).Certificates).Failures);
    }

    [Fact]
    public async Task Challenge_Refused_IsCountedAndTriedLater()
    {
        await using var cluster = await AcmeCluster.Start();
        await using var frontend = await AnsweringFrontend.Start(cluster.Grains, "fe-1");
        cluster.Port.LeadTo(frontend.Port);
        frontend.AnswersChallenges = false;
        var orders = OrdersOf(cluster);
        await cluster.Order(("site", ["example.com"]));
        await Eventually(async () => (await Status(cluster)).Failures == 1);

        var failed = await Status(cluster);
        Assert.Equal("unauthorized", Assert.Single(orders.SelectMany(static each => each.GetMeasurementSnapshot())).Tags["outcome"]);
        Assert.Contains("example.com", failed.LastError, StringComparison.Ordinal);
        Assert.InRange(failed.NextOrder!.Value - cluster.Clock.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        frontend.AnswersChallenges = true;
        cluster.Clock.Leap(TimeSpan.FromMinutes(5));

        await frontend.Reaches(() => frontend.Certificates.Length == 1, "the certificate");
        Assert.Equal(2, frontend.Tokens.Count);
        Assert.Equal((0, null), await Status(cluster) is var issued ? (issued.Failures, issued.LastError) : default);
    }

    [Fact]
    public async Task Renewal_AtTwoThirdsOfLife_IsAnotherCertificateWithAnotherKey()
    {
        await using var cluster = await AcmeCluster.Start();
        await using var frontend = await AnsweringFrontend.Start(cluster.Grains, "fe-1");
        cluster.Port.LeadTo(frontend.Port);
        await cluster.Order(("site", ["example.com"]));
        await frontend.Reaches(() => frontend.Certificates.Length == 1, "the certificate");
        var before = frontend.Certificates.Single();

        cluster.Clock.Leap((await Status(cluster)).NextOrder!.Value - cluster.Clock.GetUtcNow() + TimeSpan.FromSeconds(1));

        await frontend.Reaches(() => frontend.Certificates.Single() != before, "another certificate");
        Assert.NotEqual(before.Key, frontend.Certificates.Single().Key);
        Assert.True(frontend.Tokens.Count > 1);
    }

    [Fact]
    public async Task Store_NobodyCanReadThePrivateKeysInIt()
    {
        await using var cluster = await AcmeCluster.Start();
        await using var frontend = await AnsweringFrontend.Start(cluster.Grains, "fe-1");
        cluster.Port.LeadTo(frontend.Port);
        await cluster.Order(("site", ["example.com"]));
        await frontend.Reaches(() => frontend.Certificates.Length == 1, "the certificate");

        using var key = ECDsa.Create();
        key.ImportFromPem(frontend.Certificates.Single().Key);
        var (stored, secret) = (cluster.Stored, key.ExportParameters(includePrivateParameters: true).D!);
        // The certificate is there, so that what is searched is what is stored.
        Assert.True(stored.AsSpan().IndexOf(Encoding.ASCII.GetBytes(frontend.Certificates.Single().Chain)) > 0);
        Assert.Equal(-1, stored.AsSpan().IndexOf(secret));
        Assert.Equal(-1, stored.AsSpan().IndexOf("PRIVATE KEY"u8));
        Assert.Equal(-1, stored.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Convert.ToHexString(secret))));
        // PKCS#8 begins a key of P-256 with this, whosever it is.
        Assert.Equal(-1, stored.AsSpan().IndexOf(key.ExportPkcs8PrivateKey().AsSpan(..36)));
    }

    [Fact]
    public async Task SealingKey_IsReplaced_KeysAreSealedAnewAndAWrongOneGivesOutAndChangesNothing()
    {
        await using var cluster = await AcmeCluster.Start();
        await using (var frontend = await AnsweringFrontend.Start(cluster.Grains, "fe-1"))
        {
            cluster.Port.LeadTo(frontend.Port);
            await cluster.Order(("site", ["example.com"]));
            await frontend.Reaches(() => frontend.Certificates.Length == 1, "the certificate");
        }

        var first = cluster.SealingKey;
        cluster.SealingKey = cluster.NewSealingKey();
        await cluster.Restart();
        await Eventually(async () => (await cluster.Orders.GetStatus()).Fault?.Contains("cannot be opened", StringComparison.Ordinal) == true);
        Assert.Null((await cluster.Orders.Follow(new AcmeQuery("fe-1", "", ""))).Certificates);
        Assert.Equal("site", (await Status(cluster)).Name);

        cluster.PreviousSealingKey = first;
        await cluster.Restart();
        var given = await Given(cluster);
        cluster.PreviousSealingKey = null;
        await cluster.Restart();

        Assert.Equal(given, await Given(cluster));
    }

    [Fact]
    public void Start_CertificatesAreOrderedAndThereIsNoSealingKey_IsRefused()
    {
        var missing = new AcmeClientOptionsValidator(isOrdered: true).Validate(null, new AcmeClientOptions());
        var path = Path.GetTempFileName();
        var shortOne = new AcmeClientOptionsValidator(isOrdered: true).Validate(null, new AcmeClientOptions { SealingKey = path });
        File.Delete(path);

        Assert.StartsWith("OrleansLb:AcmeClient:SealingKey: certificates are ordered, and the file is missing", Assert.Single(missing.Failures!), StringComparison.Ordinal);
        Assert.Contains("does not have 32 bytes", Assert.Single(shortOne.Failures!), StringComparison.Ordinal);
        Assert.True(new AcmeClientOptionsValidator(isOrdered: false).Validate(null, new AcmeClientOptions()).Succeeded);
    }

    private static List<MetricCollector<long>> OrdersOf(AcmeCluster cluster) =>
        [.. cluster.ServicesOf<IMeterFactory>().Select(static meters => new MetricCollector<long>(meters, AcmeMetrics.MeterName, "orleanslb.acme.orders"))];

    private static async Task<AcmeCertificateStatus> Status(AcmeCluster cluster) => (await cluster.Orders.GetStatus()).Certificates.FirstOrDefault() ?? new AcmeCertificateStatus { Name = "", Hosts = [] };

    private static async Task<AcmeCertificate> Given(AcmeCluster cluster)
    {
        AcmeCertificates? given = null;
        await Eventually(async () => (given = (await cluster.Orders.Follow(new AcmeQuery("fe-1", "", ""))).Certificates) is { All.Length: 1 });
        return given!.All.Single();
    }

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await condition())
            await ticks.WaitForNextTickAsync(deadline.Token);
    }

    private static X509Certificate2 Parse(AcmeCertificate certificate) => X509Certificate2.CreateFromPem(certificate.Chain, certificate.Key);

    private static bool Chains(X509Certificate2 certificate, AcmeCertificate given, X509Certificate2 root)
    {
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.ExtraStore.ImportFromPem(given.Chain);
        return chain.Build(certificate);
    }
}
