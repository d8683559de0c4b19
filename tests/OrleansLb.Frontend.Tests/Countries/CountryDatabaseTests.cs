using System.Diagnostics.Metrics;
using System.Net;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Countries;
using OrleansLb.Testing.Files;

namespace OrleansLb.Frontend.Tests.Countries;

public sealed class CountryDatabaseTests : IDisposable
{
    private static readonly (string, string)[] Entries = [("192.0.2.0/24", "DE"), ("198.51.100.128/25", "FR"), ("2001:db8::/32", "at"), ("203.0.113.7/32", "???")];

    private readonly string _folder = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private string File => Path.Combine(_folder, "countries.mmdb");

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("192.0.2.255", "DE")]
    [InlineData("::ffff:192.0.2.1", "DE")]
    [InlineData("192.0.3.0", "")]
    [InlineData("198.51.100.128", "FR")]
    [InlineData("198.51.100.127", "")]
    [InlineData("2001:db8:ffff::1", "AT")]
    [InlineData("2001:db9::", "")]
    [InlineData("203.0.113.7", "")]
    [InlineData("127.0.0.1", "")]
    public void TryFind_Address_IsInTheCountryOfItsNetwork(string address, string country)
    {
        Write(CountryDatabaseFile.Of(Entries));

        Assert.True(Open().TryFind(IPAddress.Parse(address), out var found));
        Assert.Equal(country, found.ToString());
    }

    [Fact]
    public void TryFind_NoDatabaseIsConfigured_CannotTell()
    {
        var countries = Open(path: "");
        countries.Refresh();
        Assert.False(countries.TryFind(IPAddress.Loopback, out _));
        Assert.Null(countries.Fault);
    }

    [Fact]
    public void Refresh_AnotherFile_IsUsed()
    {
        Write(CountryDatabaseFile.Of(("192.0.2.0/24", "DE")));
        var countries = Open();
        Write(CountryDatabaseFile.Of(("192.0.2.0/24", "FR"), ("10.0.0.0/8", "DE")));

        Assert.Equal("DE", CountryOf(countries, "192.0.2.1"));
        countries.Refresh();
        Assert.Equal("FR", CountryOf(countries, "192.0.2.1"));
    }

    [Fact]
    public void Refresh_FileIsGoneOrDamaged_TheOneBeforeStaysAndItIsSaidOnce()
    {
        using var reads = new MetricCollector<long>(_services.GetRequiredService<IMeterFactory>(), CountryMetrics.MeterName, "orleanslb.country_database.reads");
        Write(CountryDatabaseFile.Of(Entries));
        var countries = Open();
        System.IO.File.Delete(File);
        for (var time = 0; time < 3; time++)
            countries.Refresh();
        Assert.NotNull(countries.Fault);
        Assert.Contains("cannot be used", new CountryReadinessCheck(countries).Check().Detail, StringComparison.Ordinal);

        Write([1, 2, 3]);
        countries.Refresh();
        Assert.Equal("DE", CountryOf(countries, "192.0.2.1"));

        Write(CountryDatabaseFile.Of(("192.0.2.0/24", "FR")));
        countries.Refresh();
        Assert.Null(countries.Fault);
        Assert.Equal("FR", CountryOf(countries, "192.0.2.1"));
        Assert.Equal(["ok", "failed", "failed", "ok"], reads.GetMeasurementSnapshot().Select(static read => read.Tags["result"]));
    }

    [Fact]
    public void Refresh_FolderBehindALinkChanges_IsUsed()
    {
        foreach (var (folder, country) in (ReadOnlySpan<(string, string)>)[("one", "DE"), ("two", "FR")])
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
            System.IO.File.WriteAllBytes(Path.Combine(_folder, folder, "countries.mmdb"), CountryDatabaseFile.Of(("192.0.2.0/24", country)));
        }

        var link = Path.Combine(_folder, "current");
        Directory.CreateSymbolicLink(link, "one");
        var countries = Open(Path.Combine(link, "countries.mmdb"));
        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, "two");
        countries.Refresh();
        Assert.Equal("FR", CountryOf(countries, "192.0.2.1"));
    }

    [Fact]
    public void Refresh_FileBecomesReadable_IsUsed()
    {
        Write(CountryDatabaseFile.Of(("192.0.2.0/24", "DE")));
        var countries = Open();
        Write(CountryDatabaseFile.Of(("192.0.2.0/24", "FR")));
        using (new FileStream(File, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
            countries.Refresh();
        Assert.NotNull(countries.Fault);
        countries.Refresh();
        Assert.Equal("FR", CountryOf(countries, "192.0.2.1"));
    }

    [Theory]
    [InlineData("GeoLite2-ASN", 6, "iso_code", "it is a database of type GeoLite2-ASN, not of countries")]
    [InlineData("DBIP-Country-Lite", 4, "iso_code", "it knows IPv4 addresses only, and would take those of IPv6 for others")]
    [InlineData("Other-Country", 6, "code", "its networks have no country.iso_code")]
    public void Read_DatabaseOfSomethingElse_IsRefused(string type, int ipVersion, string key, string reason)
    {
        Write(CountryDatabaseFile.Of(type, Entries, ipVersion, key));
        Assert.Equal(reason, Assert.Throws<CountryFileException>(() => CountryFile.Read(File)).Message);
    }

    [Fact]
    public void TryFind_DamagedAtThisPlace_CannotTellAndSaysSo()
    {
        var bytes = CountryDatabaseFile.Of(("192.0.2.0/24", "DE"), ("198.51.100.0/24", "FR"));
        // The text FR becomes a pointer to nowhere.
        bytes[bytes.AsSpan().LastIndexOf("FR"u8) - 1] = 0x3F;
        Write(bytes);
        var countries = Open();
        Assert.Null(countries.Fault);
        Assert.False(countries.TryFind(IPAddress.Parse("198.51.100.1"), out _));
        Assert.Contains("damaged", countries.Fault, StringComparison.Ordinal);
        Assert.Equal("DE", CountryOf(countries, "192.0.2.1"));
    }

    // Threads would write each other's files.
    [Fact]
    public void Read_DamagedInAnyWay_IsRefusedOrAnswers()
    {
        var whole = CountryDatabaseFile.Of(Entries);
        var (read, refused) = (0, 0);
        Gen.Select(Gen.Int[0, 9], Gen.Int[1, whole.Length], Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[0, 8]).Sample(
            (cut, length, changes) =>
            {
                var damaged = cut == 0 ? whole[..length] : [.. whole];
                foreach (var (at, value) in changes)
                    damaged[at % damaged.Length] = value;
                Write(damaged);
                try
                {
                    var file = CountryFile.Read(File);
                    read++;
                    foreach (var address in (string[])["192.0.2.1", "198.51.100.200", "2001:db8::1", "8.8.8.8"])
                        file.TryFind(IPAddress.Parse(address), out _, out _);
                }
                catch (CountryFileException)
                {
                    refused++;
                }
            },
            iter: 2000,
            threads: 1);
        Assert.True(read > 200 && refused > 200, $"{read} were read and {refused} refused");
    }

    [Fact]
    public void Validate_FileThatIsNotThere_NamesKeyAndFile()
    {
        var result = new CountryDatabaseValidation().Validate(null, new FrontendOptions { CountryDatabase = File });
        Assert.StartsWith($"OrleansLb:Frontend:CountryDatabase: '{File}' cannot be used: ", result.FailureMessage, StringComparison.Ordinal);
    }

    private static string CountryOf(CountryDatabase countries, string address) =>
        countries.TryFind(IPAddress.Parse(address), out var country) ? country.ToString() : throw new InvalidOperationException("Nothing can tell.");

    private CountryDatabase Open(string? path = null) => new(
        Options.Create(new FrontendOptions { CountryDatabase = path ?? File }),
        new CountryMetrics(_services.GetRequiredService<IMeterFactory>()),
        NullLogger<CountryDatabase>.Instance);

    private void Write(byte[] bytes) => System.IO.File.WriteAllBytes(File, bytes);
}
