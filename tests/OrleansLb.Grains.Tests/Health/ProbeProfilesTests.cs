using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Hosting.Tls;
using OrleansLb.Probes.Network;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>The files by which a silo's probes meet backends.</summary>
public sealed class ProbeProfilesTests : IDisposable
{
    private const string Section = "OrleansLb:Probes:Tls:Backends";

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("orleanslb-test-");
    private readonly TestAuthority _authority = new();
    private readonly Dictionary<string, string?> _settings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _authority.Dispose();
        _files.Delete(recursive: true);
    }

    [Fact]
    public async Task Find_NewFiles_AreInUseFromThenOn()
    {
        var first = _authority.Client("first");
        _settings[$"{Section}:internal:Certificate"] = Write("own.pem", first.ChainPem + first.KeyPem);
        _settings[$"{Section}:internal:Authorities"] = Write("ca.pem", _authority.RootPem);
        using var silo = Start();
        await silo.StartAsync(Cancellation);
        var profiles = silo.Services.GetRequiredService<IProbeProfiles>();
        Assert.Equal(("first", "app.test"), Shown(profiles));

        var second = _authority.Client("second");
        Write("own.pem", second.ChainPem + second.KeyPem);
        while (Shown(profiles).Name != "second")
            await Task.Yield();

        await silo.StopAsync(Cancellation);
    }

    [Fact]
    public void Find_ProfileThatIsNotThere_IsSaidOnce()
    {
        using var silo = Start();
        var profiles = silo.Services.GetRequiredService<IProbeProfiles>();

        Assert.Null(profiles.Find("unknown", "app.test", null));
        Assert.Null(profiles.Find("UNKNOWN", "app.test", null));
        Assert.Null(profiles.Find("another", "app.test", null));

        var said = silo.Services.GetRequiredService<FakeLogCollector>().GetSnapshot().Where(static record => record.Id.Name == "ProbeProfileMissing").Select(static record => record.Message).ToArray();
        Assert.Equal(2, said.Length);
        Assert.Contains($"There is no {Section}:unknown, which a pool asks for", said[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Authorities", "none.pem", ":Authorities: ")]
    [InlineData("Certificate", "none.pem", ":Certificate: ")]
    [InlineData("Key", "none.key", ":Certificate: the file is missing, and there is a Key or a Password")]
    [InlineData("MinimumVersion", "7", ":MinimumVersion: it is none of Tls12, Tls13")]
    public async Task Start_WithWhatCannotBeUsed_IsRefusedAndItsKeyIsNamed(string key, string value, string mistake)
    {
        _settings[$"{Section}:internal:{key}"] = value;
        using var silo = Start();

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => silo.StartAsync(Cancellation));

        Assert.Contains($"{Section}:internal{mistake}", refused.Message, StringComparison.Ordinal);
    }

    private static (string Name, string? Host) Shown(IProbeProfiles profiles)
    {
        var handshake = profiles.Find("internal", "app.test", null)!;
        Assert.NotNull(handshake.CertificateChainPolicy);
        return (handshake.ClientCertificateContext!.TargetCertificate.GetNameInfo(X509NameType.DnsName, forIssuer: false), handshake.TargetHost);
    }

    private IHost Start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Logging.AddFakeLogging();
        builder.Services.AddMetrics();
        builder.Services.AddKeyedSingleton(Clocks.Key, TimeProvider.System);
        builder.AddProbeTls();
        return builder.Build();
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_files.FullName, name);
        File.WriteAllText(path + ".new", content);
        File.Move(path + ".new", path, overwrite: true);
        return path;
    }
}
