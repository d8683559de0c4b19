using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Tls;
using OrleansLb.Hosting.CommandLine;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Grains.Tests.Tls;

/// <summary>What would keep a process out of its cluster ends its start, with the key that is to blame.</summary>
public sealed class ClusterTlsSettingsTests : IDisposable
{
    private const string Section = "OrleansLb:Cluster";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-cluster-tls");
    private readonly TestAuthority _authority = new("Cluster");
    private readonly TestAuthority _others = new("Others");

    public void Dispose()
    {
        _authority.Dispose();
        _others.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Silo_ItsCertificateIsInOrder_Starts()
    {
        var services = new ServiceCollection();

        services.AddClusterTls(Options(_authority.Peer("silo.orleanslb")), ClusterRole.Silo);

        Assert.Contains(services, static service => service.ServiceType.Name == "ClusterHandshake");
    }

    [Theory]
    [InlineData("Tls:Certificate", "", "Tls:Certificate is missing")]
    [InlineData("Tls:Authorities", "", "Tls:Authorities is missing")]
    [InlineData("Tls:Authorities", "/nowhere/ca.pem", "Tls:Authorities Could not find")]
    [InlineData("Tls:Key", "/nowhere/key.pem", "Tls:Certificate Could not find")]
    [InlineData("Tls:SiloName", "silo.elsewhere", "must be silo.elsewhere; see OrleansLb:Cluster:Tls:SiloName")]
    [InlineData("Tls:SiloName", "not a name", "Tls:SiloName 'not a name' is not a DNS name")]
    [InlineData("Tls:FrontendName", "silo.orleanslb", "Tls:FrontendName must differ from SiloName")]
    [InlineData("Tls:FrontendName", "orleanslb", "Tls:SiloName must not end in FrontendName, or the front-end 'silo' could pass as a silo")]
    [InlineData("ClusterId", "other", "must be silo.other")]
    [InlineData("Insecure", "true", "Insecure allows what OrleansLb:Cluster:Tls forbids")]
    public void Silo_Setting_EndsItsStart(string key, string value, string said)
    {
        var error = Refused(Options(_authority.Peer("silo.orleanslb"), (key, value)), ClusterRole.Silo);

        Assert.Contains(error.Errors, one => one.StartsWith(Section, StringComparison.Ordinal) && one.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void Silo_CertificateOfAClient_EndsItsStart() =>
        Assert.Contains("no serverAuth", Refused(Options(_authority.Client("silo.orleanslb")), ClusterRole.Silo).Message, StringComparison.Ordinal);

    [Fact]
    public void Silo_CertificateOfAnotherAuthority_EndsItsStart() =>
        Assert.Contains("would be refused by the others", Refused(Options(_others.Peer("silo.orleanslb")), ClusterRole.Silo).Message, StringComparison.Ordinal);

    [Fact]
    public void Frontend_CertificateThatHasExpired_EndsItsStart()
    {
        var expired = _authority.Peer(DateTimeOffset.UnixEpoch.AddYears(40), DateTimeOffset.UnixEpoch.AddYears(50), "frontend.orleanslb");

        Assert.Contains("would be refused by the others", Refused(Options(expired), ClusterRole.Frontend).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frontend_CertificateOfASilo_EndsItsStart() =>
        Assert.Contains("every front-end of this cluster must be frontend.orleanslb", Refused(Options(_authority.Peer("silo.orleanslb")), ClusterRole.Frontend).Message, StringComparison.Ordinal);

    [Fact]
    public void Frontend_CertificateOfAnother_EndsItsStart() => Assert.Contains(
        "Tls:Certificate is that of the front-end 'fe-1', and this one is 'fe-2'; see OrleansLb:Frontend:Id",
        Refused(Options(_authority.Client("fe-1.frontend.orleanslb", "frontend.orleanslb")), ClusterRole.Frontend, "fe-2").Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("fe-1.frontend.orleanslb")]
    [InlineData("FE-1.frontend.OrleansLb")]
    [InlineData("frontend.orleanslb")]
    [InlineData("fe-2.frontend.orleanslb", "fe-1.frontend.orleanslb")]
    public void Frontend_CertificateThatItMayHave_Starts(params string[] names)
    {
        var services = new ServiceCollection();

        services.AddClusterTls(Options(_authority.Client(names)), ClusterRole.Frontend, "fe-1");

        Assert.Contains(services, static service => service.ServiceType.Name == "ClusterHandshake");
    }

    [Fact]
    public void Frontend_NamesAreRequiredAndItsCertificateHasNone_EndsItsStart() => Assert.Contains(
        "Tls:RequireFrontendNames asks for the front-end's id before frontend.orleanslb",
        Refused(Options(_authority.Client("frontend.orleanslb"), ("Tls:RequireFrontendNames", "true")), ClusterRole.Frontend, "fe-1").Message, StringComparison.Ordinal);

    [Fact]
    public void Silo_NamesAreRequiredWithoutACertificate_EndsItsStart() => Assert.Contains(
        "Tls:Certificate is missing", Refused(Read(new() { [$"{Section}:Tls:RequireFrontendNames"] = "true" }), ClusterRole.Silo).Message, StringComparison.Ordinal);

    [Fact]
    public void Membership_OffLoopbackWithoutCertificateOrLeave_EndsItsStart()
    {
        var error = Assert.Throws<StartupException>(() => Read(new() { [$"{Section}:AdvertisedAddress"] = "198.51.100.1" }));

        Assert.Contains("OrleansLb:Cluster:AdvertisedAddress 198.51.100.1 is off loopback", error.Message, StringComparison.Ordinal);
        Assert.Contains("(OrleansLb:Cluster:Tls)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Membership_OffLoopbackWithCertificate_IsRead() =>
        Assert.True(Options(_authority.Peer("silo.orleanslb"), ("AdvertisedAddress", "198.51.100.1")).Tls.IsOn);

    private static StartupException Refused(MembershipOptions options, ClusterRole role, string? frontendId = null) =>
        Assert.Throws<StartupException>(() => new ServiceCollection().AddClusterTls(options, role, frontendId));

    private static MembershipOptions Read(Dictionary<string, string?> settings) => MembershipSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

    private MembershipOptions Options(IssuedCertificate certificate, params (string Key, string Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            [$"{Section}:Tls:Certificate"] = Write("own.pem", certificate.ChainPem),
            [$"{Section}:Tls:Key"] = Write("own.key", certificate.KeyPem),
            [$"{Section}:Tls:Authorities"] = Write("ca.pem", _authority.RootPem),
        };
        foreach (var (key, value) in changes)
            settings[$"{Section}:{key}"] = value;
        return Read(settings);
    }

    private string Write(string file, string content)
    {
        var path = Path.Combine(_folder.FullName, file);
        File.WriteAllText(path, content);
        return path;
    }
}
