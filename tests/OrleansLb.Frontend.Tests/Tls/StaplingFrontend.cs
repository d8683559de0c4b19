using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using OrleansLb.Frontend.Http.Stapling;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Hosting.Status;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>A front-end that shows its certificate with a staple, if its authority's responder answers.</summary>
internal sealed class StaplingFrontend : IAsyncDisposable
{
    public StaplingFrontend() => Tls["OcspStapling"] = "true";

    public TlsFrontend Tls { get; } = new();

    public IReadOnlyList<FakeLogRecord> Log => Tls.Host.Services.GetFakeLogCollector().GetSnapshot();

    public StapledCertificate Certificate => Tls.Host.Services.GetRequiredService<Staples>().All.Single();

    /// <summary>What readiness says of staples.</summary>
    public string Detail => Tls.Host.Services.GetServices<IReadinessCheck>().Single(static check => check.Name == "staples").Check().Detail;

    public Task Start(FrontendHostOptions options) => Tls.Start(options with { Services = static services => services.AddFakeLogging() });

    /// <summary>Starts with one certificate.</summary>
    public Task Start(IssuedCertificate certificate)
    {
        Tls.Add("site", certificate);
        return Start(new FrontendHostOptions());
    }

    /// <summary>A certificate that names a responder.</summary>
    public IssuedCertificate Issue(OcspResponder responder, string host = "example.com") => Tls.Authority.Stapled(responder.Address, isStapleRequired: false, host);

    /// <summary>What a client is shown now.</summary>
    public Task<SeenStaple> Handshake(string version = "tls1_3") => OpensslClient.Handshake(Tls.Host.Http1.Port, version: version);

    /// <summary>Has time pass until something is so.</summary>
    public Task Until(Func<Task<bool>> condition) => Eventually.Is(() =>
    {
        Tls.Host.Clock.Advance(StapledCertificate.Period);
        return condition();
    });

    /// <summary>Has time pass until something is so.</summary>
    public Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    /// <summary>Has time pass until clients are shown a staple of a certificate.</summary>
    public Task UntilStapled(IssuedCertificate certificate) => Until(async () => await Handshake() == new SeenStaple("good", certificate.Serial));

    public ValueTask DisposeAsync() => Tls.DisposeAsync();
}
