using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
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

    [Theory]
    [InlineData("internal", null, null, ProbeOutcomeKind.Success)]
    [InlineData("internal", null, "shop.test", ProbeOutcomeKind.TlsFailed)]
    [InlineData("internal", "localhost", "shop.test", ProbeOutcomeKind.Success)]
    [InlineData("internal", "shop.test", "localhost", ProbeOutcomeKind.TlsFailed)]
    [InlineData("other", null, null, ProbeOutcomeKind.TlsFailed)]
    public async Task Run_PoolWithAProfile_IsMetAsItsFilesSayUnderItsName(string profile, string? serverName, string? host, ProbeOutcomeKind expected) =>
        Assert.Equal(expected, await Run(new TcpNetwork(), host, new ProbeTlsDefinition(profile, serverName)));

    [Theory]
    [InlineData("unknown", "localhost", ProbeOutcomeKind.Success)]
    [InlineData(null, "localhost", ProbeOutcomeKind.Success)]
    [InlineData(null, "shop.test", ProbeOutcomeKind.TlsFailed)]
    public async Task Run_WithoutTheProfile_IsVerifiedAsTheMachineDoesItUnderThePoolsName(string? profile, string serverName, ProbeOutcomeKind expected) =>
        Assert.Equal(expected, await Run(new TrustingNetwork(_certificate), "other.test", new ProbeTlsDefinition(profile, serverName)));

    /// <summary>What a backend does wrong is called the same, whoever makes the handshake: the HTTP client or we.</summary>
    [Theory]
    [InlineData("close", ProbeOutcomeKind.TlsFailed)]
    [InlineData("reset", ProbeOutcomeKind.Reset)]
    [InlineData("alert", ProbeOutcomeKind.TlsFailed)]
    [InlineData("plain", ProbeOutcomeKind.TlsFailed)]
    public async Task Run_HandshakeFails_IsCalledTheSameWithAndWithoutAProfile(string fault, ProbeOutcomeKind expected)
    {
        await using var server = new ScriptedServer((socket, cancellation) => fault switch
        {
            "alert" => ScriptedServer.Send(socket, TlsBytes.Alert, cancellation),
            "plain" => ScriptedServer.Send(socket, "HTTP/1.1 400 Bad Request\r\n\r\n", cancellation),
            "reset" => Task.Run(() => ScriptedServer.Reset(socket), cancellation),
            _ => Task.CompletedTask,
        });
        var address = new UriBuilder(server.Address) { Scheme = "https" }.Uri;

        Assert.Equal(expected, await Run(new TcpNetwork(), null, null, address));
        Assert.Equal(expected, await Run(new TcpNetwork(), null, new ProbeTlsDefinition("internal", null), address));
    }

    private async Task<ProbeOutcomeKind> Run(IProbeNetwork network, string? host, ProbeTlsDefinition? tls = null, Uri? address = null)
    {
        using var prober = new Prober(TimeProvider.System, network, profiles: [new TrustingProfiles("internal", _certificate)]);
        var target = new HttpProbeTarget(address ?? _server.Address, host, TimeSpan.FromSeconds(30)) { BodyContains = "ready", Tls = tls };
        return (await prober.Run(target, TestContext.Current.CancellationToken)).Kind;
    }
}
