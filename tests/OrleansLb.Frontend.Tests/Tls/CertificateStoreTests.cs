using System.Diagnostics.Metrics;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Frontend.Http.Acme;
using OrleansLb.Frontend.Http.Stapling;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Frontend.Snapshots;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>Certificates in files that people and programs replace, in every order in which they do.</summary>
public sealed class CertificateStoreTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 6, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-tls");
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly FakeLogger<CertificateStore> _log = new();

    public void Dispose()
    {
        _authority.Dispose();
        _services.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Look_FilesAreReplacedOneAfterTheOther_OnlyPairsAreUsed()
    {
        var (first, second) = (_authority.Server("example.com"), _authority.Server("example.com"));
        Write(first);
        var store = Open();

        File.WriteAllText(PathOf("site.pem"), second.ChainPem);
        LookTwice(store);
        Assert.Equal(first.Serial, Shown(store));
        Assert.Contains("site", Assert.Single(store.Shelf.Faults).Name, StringComparison.Ordinal);

        File.WriteAllText(PathOf("site.key"), second.KeyPem);
        LookTwice(store);
        Assert.Equal(second.Serial, Shown(store));
        Assert.Empty(store.Shelf.Faults);
    }

    [Fact]
    public void Look_FilesChangeJustNow_WaitsUntilTheyHoldStill()
    {
        var (first, second) = (_authority.Server("example.com"), _authority.Server("example.com"));
        Write(first);
        var store = Open();
        Write(second);

        store.Look();
        Assert.Equal(first.Serial, Shown(store));
        store.Look();
        Assert.Equal(second.Serial, Shown(store));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no certificate at all")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    [InlineData(null)]
    public void Look_FileIsGoneOrDamaged_TheOneBeforeStaysAndItIsSaidAndCountedOnce(string? content)
    {
        using var reads = new MetricCollector<long>(_services.GetRequiredService<IMeterFactory>(), CertificateMetrics.MeterName, "orleanslb.tls.certificate.reads");
        var first = _authority.Server("example.com");
        Write(first);
        var store = Open();

        File.Delete(PathOf("site.pem"));
        if (content is not null)
            File.WriteAllText(PathOf("site.pem"), content);
        for (var time = 0; time < 5; time++)
            store.Look();

        Assert.Equal(first.Serial, Shown(store));
        Assert.Equal(["ok", "failed"], reads.GetMeasurementSnapshot().Select(static read => read.Tags["result"]));
        Assert.Single(_log.Collector.GetSnapshot(), static record => record.Id.Name == "CertificateNotRead");
        Assert.Contains("cannot be used", new CertificateReadinessCheck("certificates", store.Shelf).Check().Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_NewOneHasExpiredOrIsNotValidYet_TheOneBeforeStays()
    {
        var first = _authority.Server(Now.AddDays(-10), Now.AddDays(10), "example.com");
        Write(first);
        var store = Open();

        Write(_authority.Server(Now.AddDays(-90), Now.AddDays(-1), "example.com"));
        LookTwice(store);
        Assert.Contains("expired", Assert.Single(store.Shelf.Faults).Reason, StringComparison.Ordinal);
        Write(_authority.Server(Now.AddDays(1), Now.AddDays(90), "example.com"));
        LookTwice(store);
        Assert.Contains("not valid before", Assert.Single(store.Shelf.Faults).Reason, StringComparison.Ordinal);
        Assert.Equal(first.Serial, Shown(store));

        // What is not valid yet becomes so without anybody touching it.
        _clock.Advance(TimeSpan.FromDays(2));
        store.Look();
        Assert.Empty(store.Shelf.Faults);
        Assert.NotEqual(first.Serial, Shown(store));
    }

    [Fact]
    public void Look_AsTimePasses_WarnsAtThirtyFourteenSevenAndOneDaysAndWhenItHasExpired()
    {
        Write(_authority.Server(Now.AddDays(-10), Now.AddDays(40), "example.com"));
        var store = Open();
        using var expiry = new MetricCollector<double>(_services.GetRequiredService<IMeterFactory>(), CertificateMetrics.MeterName, "orleanslb.tls.certificate.expiry");

        for (var day = 0; day < 42; day++)
        {
            store.Look();
            _clock.Advance(TimeSpan.FromDays(1));
        }

        expiry.RecordObservableInstruments();
        Assert.Equal(TimeSpan.FromDays(-2).TotalSeconds, expiry.LastMeasurement!.Value);
        var said = _log.Collector.GetSnapshot().Where(static record => record.Id.Name is "CertificateExpires" or "CertificateExpired").Select(static record => record.GetStructuredStateValue("Days") ?? "expired");
        Assert.Equal(["30", "14", "7", "1", "expired"], said);

        Write(_authority.Server(Now, Now.AddDays(400), "example.com"));
        LookTwice(store);
        Assert.Equal("CertificateRead", _log.LatestRecord.Id.Name);
    }

    [Fact]
    public void Validate_Mistakes_AreAllSaidWithTheirKeys()
    {
        Write(_authority.Server("example.com"));
        using var weak = System.Security.Cryptography.RSA.Create(1024);
        var request = new CertificateRequest("CN=weak", weak, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1);
        using var weakCertificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        File.WriteAllText(PathOf("weak.pem"), weakCertificate.ExportCertificatePem() + '\n' + weak.ExportPkcs8PrivateKeyPem());
        var client = _authority.Client("alice.example");
        File.WriteAllText(PathOf("client.pem"), client.ChainPem + client.KeyPem);
        File.WriteAllText(PathOf("keyless.pem"), _authority.Server("example.com").ChainPem);
        var options = new TlsOptions { Default = "nobody" };
        options.Certificates["a"] = new CertificateFiles();
        options.Certificates["b"] = new CertificateFiles { Certificate = PathOf("missing.pem") };
        options.Certificates["c"] = new CertificateFiles { Certificate = PathOf("site.pem"), Key = PathOf("site.key"), Hosts = { "exa mple.com" } };
        options.Certificates["d"] = new CertificateFiles { Certificate = PathOf("weak.pem") };
        options.Certificates["e"] = new CertificateFiles { Certificate = PathOf("keyless.pem") };
        options.Certificates["f"] = new CertificateFiles { Certificate = PathOf("client.pem") };
        options.ClientCertificates.Mode = ClientCertificateMode.Require;

        var said = new TlsOptionsValidation().Validate(null, options).Failures!.ToList();

        const string Section = "OrleansLb:Frontend:Tls:";
        Assert.Equal(8, said.Count);
        Assert.Equal($"{Section}Default: there is no certificate 'nobody'", said[0]);
        Assert.Equal($"{Section}Certificates:a: Certificate, the file, is missing", said[1]);
        Assert.StartsWith($"{Section}Certificates:b: Could not find file", said[2], StringComparison.Ordinal);
        Assert.StartsWith($"{Section}Certificates:c: 'exa mple.com' among Hosts is neither", said[3], StringComparison.Ordinal);
        Assert.Equal($"{Section}Certificates:d: its RSA key has 1024 bits, and 2048 are the least", said[4]);
        Assert.StartsWith($"{Section}Certificates:e: ", said[5], StringComparison.Ordinal);
        Assert.StartsWith($"{Section}Certificates:f: it is no certificate of a server", said[6], StringComparison.Ordinal);
        Assert.StartsWith($"{Section}ClientCertificates:Authorities: the file is missing", said[7], StringComparison.Ordinal);
        Assert.Contains("there is no certificate", Assert.Single(new TlsOptionsValidation().Validate(null, new TlsOptions()).Failures!), StringComparison.Ordinal);
    }

    private static void LookTwice(CertificateStore store)
    {
        store.Look();
        store.Look();
    }

    private static string Shown(CertificateStore store) => store.Find("example.com") is { Usual.ServerCertificateContext: { } context } ? context.TargetCertificate.SerialNumber : "";

    private CertificateStore Open()
    {
        var options = new TlsOptions();
        options.Certificates["site"] = new CertificateFiles { Certificate = PathOf("site.pem"), Key = PathOf("site.key") };
        var meters = _services.GetRequiredService<IMeterFactory>();
        var staples = new Staples(Options.Create(options), new StapleMetrics(meters), _clock, NullLogger<Staples>.Instance);
        return new CertificateStore(Options.Create(options), OfTheCluster(options), staples, new CertificateMetrics(meters), _clock, _log);
    }

    private ClusterCertificates OfTheCluster(TlsOptions options) => new(
        Options.Create(options),
        Options.Create(new FrontendOptions { DataDirectory = _folder.FullName }),
        new DataFileMetrics(_services.GetRequiredService<IMeterFactory>()),
        NullLogger<ClusterCertificates>.Instance);

    private void Write(IssuedCertificate certificate)
    {
        File.WriteAllText(PathOf("site.pem"), certificate.ChainPem);
        File.WriteAllText(PathOf("site.key"), certificate.KeyPem);
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);
}
