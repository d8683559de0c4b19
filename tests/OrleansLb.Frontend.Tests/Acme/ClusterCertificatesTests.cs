using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Acme;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Acme;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Frontend.Tests.Tls;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Acme;

/// <summary>Certificates that the cluster ordered, beside those of files.</summary>
public sealed class ClusterCertificatesTests : IDisposable
{
    private static readonly FrontendHostOptions Ordering = new()
    {
        Acme = new AcmeDefinition(AcmeDefinition.DefaultDirectory, [], [new AcmeCertificateDefinition("ordered", ["ordered.example"])]),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-acme");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Handshake_HostOfTheCluster_IsShownItsCertificateUnlessAFileIsForIt()
    {
        await using var frontend = new TlsFrontend();
        var (file, ordered, renewed) = (frontend.Authority.Server("both.example"), frontend.Authority.Server("both.example", "ordered.example"), frontend.Authority.Server("ordered.example"));
        frontend.Add("site", file);
        frontend["Acme"] = "true";
        await frontend.Start(Ordering);
        Assert.Equal(file.Serial, (await frontend.Handshake("ordered.example")).Serial);

        Take(frontend, "1", ordered);
        Assert.Equal(ordered.Serial, (await frontend.Handshake("ordered.example")).Serial);
        Assert.Equal(file.Serial, (await frontend.Handshake("both.example")).Serial);

        Take(frontend, "2", renewed);
        Assert.Equal(renewed.Serial, (await frontend.Handshake("ordered.example")).Serial);
        Assert.Contains(frontend.Host.Services.GetRequiredService<CertificateStore>().Shelf.WithoutFiles, static one => one.Name == "ordered");

        frontend.Host.Services.GetRequiredService<ClusterCertificates>().Clear();
        Assert.Equal(file.Serial, (await frontend.Handshake("ordered.example")).Serial);
    }

    [Fact]
    public async Task Handshake_NoCertificateYet_IsRefusedUntilThereIsOne()
    {
        await using var frontend = new TlsFrontend();
        frontend["Acme"] = "true";
        await frontend.Start(Ordering);
        var failure = await Record.ExceptionAsync(() => frontend.Handshake("ordered.example"));
        Assert.True(failure is AuthenticationException or IOException, $"{failure}");

        var ordered = frontend.Authority.Server("ordered.example");
        Take(frontend, "1", ordered);

        Assert.Equal(ordered.Serial, (await frontend.Handshake("ordered.example")).Serial);
        Assert.Equal(ordered.Serial, (await frontend.Handshake("")).Serial);
    }

    [Fact]
    public async Task Restart_WithoutSilos_ShowsWhatItsOwnerAloneCanReadOnDisk()
    {
        await using var frontend = new TlsFrontend();
        var ordered = frontend.Authority.Server("ordered.example");
        frontend["Acme"] = "true";
        frontend.Set("OrleansLb:Frontend:DataDirectory", _folder.FullName);
        await frontend.Start(Ordering);
        Take(frontend, "1", ordered);
        await frontend.Host.DisposeAsync();

        await frontend.Start(Ordering);

        Assert.Equal(ordered.Serial, (await frontend.Handshake("ordered.example")).Serial);
        Assert.Equal("1", frontend.Host.Services.GetRequiredService<ClusterCertificates>().Stamp);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.FullName, "certificates.json")));
        await frontend.Host.DisposeAsync();

        // Once the cluster orders none any more, no front-end has what nobody renews.
        await frontend.Start();
        await Eventually.Is(() => !File.Exists(Path.Combine(_folder.FullName, "certificates.json")));
    }

    [Fact]
    public async Task Take_ACertificateThatCannotBeUsed_TheOthersAreShown()
    {
        await using var frontend = new TlsFrontend();
        var (good, other) = (frontend.Authority.Server("good.example"), frontend.Authority.Server("bad.example"));
        frontend["Acme"] = "true";
        await frontend.Start(Ordering);

        frontend.Host.Services.GetRequiredService<ClusterCertificates>().Take(new AcmeCertificates("1", [new AcmeCertificate("bad", other.ChainPem, good.KeyPem), new AcmeCertificate("good", good.ChainPem, good.KeyPem)]));

        Assert.Equal(good.Serial, (await frontend.Handshake("bad.example")).Serial);
    }

    [Fact]
    public async Task Frontend_ThatShowsNone_AsksForNoKey()
    {
        await using var frontend = await FrontendHost.Start();

        Assert.Null(frontend.Services.GetRequiredService<ClusterCertificates>().Stamp);
    }

    private static void Take(TlsFrontend frontend, string stamp, IssuedCertificate certificate) =>
        frontend.Host.Services.GetRequiredService<ClusterCertificates>().Take(new AcmeCertificates(stamp, [new AcmeCertificate("ordered", certificate.ChainPem, certificate.KeyPem)]));
}
