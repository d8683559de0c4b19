using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Core.Health;
using OrleansLb.Probes.Http;
using OrleansLb.Probes.Network;
using OrleansLb.Probes.Tests.Network;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Http;

public sealed class HttpsProbeTests : IAsyncLifetime
{
    private readonly X509Certificate2 _certificate = TestCertificate.Create();
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await WebServer.Start(
        HttpProtocols.Http1,
        static application => application.Run(static context => context.Response.WriteAsync("ready")),
        certificate: _certificate);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("localhost")]
    public async Task Run_TrustedCertificateOfThatName_Succeeds(string? host) =>
        Assert.Equal(ProbeOutcomeKind.Success, await Run(new TrustingNetwork(_certificate), host));

    [Fact]
    public async Task Run_TrustedCertificateOfAnotherName_IsTlsFailed() =>
        Assert.Equal(ProbeOutcomeKind.TlsFailed, await Run(new TrustingNetwork(_certificate), "shop.test"));

    [Fact]
    public async Task Run_CertificateThatTheMachineDoesNotTrust_IsTlsFailed() =>
        Assert.Equal(ProbeOutcomeKind.TlsFailed, await Run(new TcpNetwork(), null));

    private async Task<ProbeOutcomeKind> Run(IProbeNetwork network, string? host)
    {
        using var prober = new Prober(TimeProvider.System, network);
        var target = new HttpProbeTarget(_server.Address, host, TimeSpan.FromSeconds(30)) { BodyContains = "ready" };
        return (await prober.Run(target, TestContext.Current.CancellationToken)).Kind;
    }
}
