using System.Security.Cryptography.X509Certificates;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Grpc;
using OrleansLb.Probes.Network;
using OrleansLb.Probes.Tests.Network;
using OrleansLb.Probes.Tests.Servers;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace OrleansLb.Probes.Tests.Grpc;

/// <summary>Against the gRPC server and the health service that .NET applications have.</summary>
public sealed class RealGrpcServerTests
{
    private const int NotFound = 5;
    private const int Unimplemented = 12;

    private readonly HealthServiceImpl _health = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("shop.Cart")]
    public async Task Run_ServerTurnsNotServing_FailsUntilItServesAgain(string service)
    {
        await using var server = await Start();
        using var prober = new Prober(TimeProvider.System);
        _health.SetStatus(service, ServingStatus.Serving);
        Assert.Equal((ProbeOutcomeKind.Success, 0), await Run(prober, server, service));
        _health.SetStatus(service, ServingStatus.NotServing);
        Assert.Equal((ProbeOutcomeKind.NotServing, 0), await Run(prober, server, service));
        _health.SetStatus(service, ServingStatus.Serving);
        Assert.Equal((ProbeOutcomeKind.Success, 0), await Run(prober, server, service));
    }

    [Fact]
    public async Task Run_ServiceIsUnknown_IsNotServingWithTheStatus()
    {
        await using var server = await Start();
        using var prober = new Prober(TimeProvider.System);
        Assert.Equal((ProbeOutcomeKind.NotServing, NotFound), await Run(prober, server, "shop.Unheard"));
    }

    [Fact]
    public async Task Run_ServerHasNoHealthService_IsNotServingOrTheStatusOfHttp()
    {
        await using var server = await WebServer.Start(HttpProtocols.Http2, static _ => { }, static services => services.AddGrpc());
        using var prober = new Prober(TimeProvider.System);
        Assert.Equal((ProbeOutcomeKind.WrongStatus, 404), await Run(prober, server, ""));
        await using var other = await WebServer.Start(HttpProtocols.Http2, static application => application.MapGrpcService<UnimplementedHealth>(), static services => services.AddGrpc());
        Assert.Equal((ProbeOutcomeKind.NotServing, Unimplemented), await Run(prober, other, ""));
    }

    [Fact]
    public async Task Run_EveryProbe_HasAConnectionOfItsOwn()
    {
        var connections = new HashSet<string>();
        _health.SetStatus("", ServingStatus.Serving);
        await using var server = await WebServer.Start(
            HttpProtocols.Http2,
            application =>
            {
                application.Use((context, next) =>
                {
                    lock (connections)
                        connections.Add(context.Connection.Id);
                    return next(context);
                });
                application.MapGrpcService<HealthServiceImpl>();
            },
            services => services.AddSingleton(_health).AddGrpc());
        using var prober = new Prober(TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Run(prober, server, "")));
        Assert.Equal(5, connections.Count);
    }

    [Fact]
    public async Task Run_TlsWithATrustedCertificate_Succeeds()
    {
        using var certificate = TestCertificate.Create();
        await using var server = await Start(certificate);
        using var prober = new Prober(TimeProvider.System, new TrustingNetwork(certificate));
        _health.SetStatus("", ServingStatus.Serving);
        Assert.Equal((ProbeOutcomeKind.Success, 0), await Run(prober, server, ""));
    }

    [Fact]
    public async Task Run_TlsOfAPoolWithAProfile_IsMetAsItsFilesSay()
    {
        using var certificate = TestCertificate.Create();
        await using var server = await Start(certificate);
        using var prober = new Prober(TimeProvider.System, new TcpNetwork(), profiles: [new TrustingProfiles("internal", certificate)]);
        _health.SetStatus("", ServingStatus.Serving);
        Assert.Equal((ProbeOutcomeKind.Success, 0), await Run(prober, server, "", new ProbeTlsDefinition("internal", null)));
        Assert.Equal((ProbeOutcomeKind.TlsFailed, 0), await Run(prober, server, "", new ProbeTlsDefinition("internal", "shop.test")));
    }

    [Fact]
    public async Task Run_TlsWithACertificateThatTheMachineDoesNotTrust_IsTlsFailed()
    {
        using var certificate = TestCertificate.Create();
        await using var server = await Start(certificate);
        using var prober = new Prober(TimeProvider.System);
        Assert.Equal((ProbeOutcomeKind.TlsFailed, 0), await Run(prober, server, ""));
    }

    [Fact]
    public async Task Run_TlsServerSpeaksHttp11Only_IsTlsFailed()
    {
        using var certificate = TestCertificate.Create();
        await using var server = await WebServer.Start(HttpProtocols.Http1, static _ => { }, certificate: certificate);
        using var prober = new Prober(TimeProvider.System, new TrustingNetwork(certificate));
        Assert.Equal((ProbeOutcomeKind.TlsFailed, 0), await Run(prober, server, ""));
    }

    /// <summary>Where a method is not overridden, the generated base says that it is not implemented.</summary>
    private sealed class UnimplementedHealth : Health.HealthBase;

    private Task<WebServer> Start(X509Certificate2? certificate = null) => WebServer.Start(
        HttpProtocols.Http2,
        static application => application.MapGrpcService<HealthServiceImpl>(),
        services => services.AddSingleton(_health).AddGrpc(),
        certificate);

    private static async Task<(ProbeOutcomeKind Kind, int Status)> Run(Prober prober, WebServer server, string service, ProbeTlsDefinition? tls = null)
    {
        var outcome = await prober.Run(new GrpcProbeTarget(new Uri(server.Address, "/grpc.health.v1.Health/Check"), null, service, TimeSpan.FromSeconds(30)) { Tls = tls }, Cancelled);
        return (outcome.Kind, outcome.Status);
    }
}
