using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;
using OrleansLb.Contracts.Acme;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Acme;
using OrleansLb.Frontend.Http.Stapling;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Testing.Certificates;
using OrleansLb.Testing.Networks;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>Staples of a real responder, seen by a client that is not .NET's.</summary>
public sealed class StaplingTests
{
    private static readonly SeenStaple Nothing = new(null, "");

    [Theory]
    [InlineData("tls1_2")]
    [InlineData("tls1_3")]
    public async Task Staple_AuthorityAnswers_IsShown(string version)
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        var certificate = frontend.Issue(responder);
        await frontend.Start(certificate);

        await frontend.UntilStapled(certificate);

        Assert.Equal(new SeenStaple("good", certificate.Serial), await frontend.Handshake(version));
        Assert.Equal(1, responder.Requests);
        Assert.Single(frontend.Log, static record => record.Id.Name == "StapleShown");
        Assert.Equal("1 of 1 certificates that can have one are shown with it", frontend.Detail);
    }

    [Fact]
    public async Task Staple_IsShownOrNot_IsInTheMetrics()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        responder.Statement = OcspStatement.Failure;
        await frontend.Start(frontend.Issue(responder));
        var meters = frontend.Tls.Host.Services.GetRequiredService<IMeterFactory>();
        using var looks = new MetricCollector<long>(meters, StapleMetrics.MeterName, "orleanslb.tls.staple.looks");
        using var expiry = new MetricCollector<double>(meters, StapleMetrics.MeterName, "orleanslb.tls.staple.expiry");

        await frontend.Until(() => looks.LastMeasurement is { } look && (string?)look.Tags["result"] == "none");
        expiry.RecordObservableInstruments();
        Assert.Equal((0, "site"), (expiry.LastMeasurement!.Value, expiry.LastMeasurement.Tags["certificate"]));

        responder.Statement = OcspStatement.Good;
        await frontend.Until(() => (string?)looks.LastMeasurement!.Tags["result"] == "good");
        expiry.RecordObservableInstruments();
        Assert.True(expiry.LastMeasurement!.Value > 0);
    }

    [Fact]
    public async Task Files_AreReplaced_TheNewCertificateHasItsStapleToo()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        var (first, second) = (frontend.Issue(responder), frontend.Issue(responder));
        await frontend.Start(first);
        await frontend.UntilStapled(first);

        frontend.Tls.Write("site", second);

        await frontend.UntilStapled(second);
        Assert.Equal(second.Serial, (await frontend.Tls.Handshake("example.com")).Serial);
    }

    [Fact]
    public async Task Certificate_OfTheClusterThatIsGivenOutAgain_KeepsItsStaple()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        var certificate = frontend.Issue(responder);
        frontend.Tls["Acme"] = "true";
        await frontend.Start(new FrontendHostOptions { Acme = new AcmeDefinition(AcmeDefinition.DefaultDirectory, [], [new AcmeCertificateDefinition("ordered", ["example.com"])]) });
        var cluster = frontend.Tls.Host.Services.GetRequiredService<ClusterCertificates>();
        cluster.Take(new AcmeCertificates("1", [new AcmeCertificate("ordered", certificate.ChainPem, certificate.KeyPem)]));
        await frontend.UntilStapled(certificate);

        cluster.Take(new AcmeCertificates("2", [new AcmeCertificate("ordered", certificate.ChainPem, certificate.KeyPem)]));

        Assert.Equal("good", (await frontend.Handshake()).Status);
    }

    [Fact]
    public async Task Responder_IsDown_HandshakesGoOnWithoutAndItIsAskedAgain()
    {
        var port = FreePort.Next();
        await using var frontend = new StaplingFrontend();
        var certificate = frontend.Tls.Authority.Stapled(new Uri($"http://127.0.0.1:{port}"), isStapleRequired: false, "example.com");
        await frontend.Start(certificate);

        await frontend.Until(() => frontend.Log.Any(static record => record.Id.Name == "StapleMissing"));
        Assert.Equal(Nothing, await frontend.Handshake());
        Assert.Equal("0 of 1 certificates that can have one are shown with it; site has none", frontend.Detail);

        await using var responder = await OcspResponder.Start(frontend.Tls.Authority, port);
        await frontend.UntilStapled(certificate);
    }

    [Fact]
    public async Task Responder_DoesNotAnswer_NoHandshakeWaitsForIt()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        var certificate = frontend.Issue(responder);
        responder.Hold();
        await frontend.Start(certificate);
        await frontend.Until(() => responder.Requests == 1);

        Assert.Equal(Nothing, await frontend.Handshake());
        Assert.Equal(certificate.Serial, (await frontend.Tls.Handshake("example.com")).Serial);

        responder.Release();
        await frontend.UntilStapled(certificate);
        Assert.Equal(1, responder.Requests);
    }

    [Theory]
    [InlineData(OcspStatement.Unknown)]
    [InlineData(OcspStatement.Expired)]
    [InlineData(OcspStatement.OfAnother)]
    [InlineData(OcspStatement.Forged)]
    [InlineData(OcspStatement.TryLater)]
    [InlineData(OcspStatement.Garbage)]
    [InlineData(OcspStatement.Failure)]
    public async Task Responder_SaysNothingThatCounts_HandshakesGoOnWithout(OcspStatement statement)
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        responder.Statement = statement;
        var certificate = frontend.Issue(responder);
        await frontend.Start(certificate);

        // Whoever asks a second time has heard the first answer.
        await frontend.Until(() => responder.Requests > 1);
        Assert.Equal(Nothing, await frontend.Handshake());

        responder.Statement = OcspStatement.Good;
        await frontend.UntilStapled(certificate);
    }

    [Fact]
    public async Task Responder_SaysRevoked_IsSaidInTheLogAndNotByUs()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        responder.Statement = OcspStatement.Revoked;
        await frontend.Start(frontend.Issue(responder));

        await frontend.Until(() => frontend.Certificate.Said == StapleState.Revoked);

        Assert.Equal(Nothing, await frontend.Handshake());
        Assert.Equal(LogLevel.Error, Assert.Single(frontend.Log, static record => record.Id.Name == "StapleRevoked").Level);
        Assert.EndsWith("; site has none: it is revoked", frontend.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Responder_Fails_HandshakesDoNotAskIt()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        responder.Statement = OcspStatement.Failure;
        await frontend.Start(frontend.Issue(responder));
        await frontend.Until(() => responder.Requests > 1);

        // Nobody looks from here on, as no time passes; what is under way may still arrive.
        var before = responder.Requests;
        for (var handshake = 0; handshake < 20; handshake++)
            await frontend.Tls.Handshake("example.com");

        Assert.InRange(responder.Requests, before, before + 1);
    }

    [Fact]
    public async Task Staple_IsAboutToExpire_IsNotShown()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        await frontend.Start(frontend.Issue(responder));
        await frontend.Until(() => frontend.Certificate.Staple is not null);
        var (certificate, until) = (frontend.Certificate, frontend.Certificate.Staple!.NextUpdate!.Value);
        await frontend.Tls.Host.Stop();

        Assert.Equal((StapleState.Good, false), certificate.Look(until - StapledCertificate.Reserve - TimeSpan.FromSeconds(1)));
        Assert.NotSame(certificate.Certificate.Context, certificate.Context);
        Assert.Null(certificate.Look(until - StapledCertificate.Reserve));
        Assert.Equal((StapleState.None, true), certificate.Look(until - TimeSpan.FromSeconds(1)));
        Assert.Same(certificate.Certificate.Context, certificate.Context);
    }

    [Fact]
    public async Task Stapling_IsOff_NobodyIsAskedAndACertificateThatRequiresItIsSpokenOf()
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        frontend.Tls["OcspStapling"] = "false";
        frontend.Tls.Add("plain", frontend.Tls.Authority.Stapled(responder.Address, isStapleRequired: false, "plain.example"));
        await frontend.Start(frontend.Tls.Authority.Stapled(responder.Address, isStapleRequired: true, "example.com"));
        for (var period = 0; period < 5; period++)
            frontend.Tls.Host.Clock.Advance(StapledCertificate.Period);

        Assert.Equal(Nothing, await frontend.Handshake());
        Assert.Equal(0, responder.Requests);
        var said = Assert.Single(frontend.Log, static record => record.Id.Name is "StapleRequired" or "StapleImpossible");
        Assert.Equal((LogLevel.Warning, "Certificate site is to be shown with a staple (RFC 7633) and will have none: OrleansLb:Frontend:Tls:OcspStapling is off. Clients may refuse it."), (said.Level, said.Message));
    }

    [Theory]
    [InlineData(false, true, "StapleRequired", "it names no responder that is asked by http")]
    [InlineData(false, false, "StapleImpossible", "it names no responder that is asked by http")]
    [InlineData(true, true, "StapleRequired", "its chain ends in no root that its file or the machine has")]
    [InlineData(true, false, "StapleImpossible", "its chain ends in no root that its file or the machine has")]
    public async Task Certificate_ThatCanHaveNone_IsSpokenOf(bool namesOne, bool isRequired, string said, string reason)
    {
        await using var frontend = new StaplingFrontend();
        await using var responder = await OcspResponder.Start(frontend.Tls.Authority);
        var certificate = frontend.Tls.Authority.Stapled(namesOne ? responder.Address : new Uri("https://127.0.0.1/"), isRequired, "example.com");
        await frontend.Start(certificate with { ChainPem = certificate.ChainPem.Replace(frontend.Tls.Authority.RootPem, "", StringComparison.Ordinal) });

        Assert.Contains(reason, Assert.Single(frontend.Log, record => record.Id.Name == said).Message, StringComparison.Ordinal);
        Assert.Equal(Nothing, await frontend.Handshake());
        Assert.Equal(0, responder.Requests);
        Assert.Equal("0 of 0 certificates that can have one are shown with it", frontend.Detail);
    }

    [Fact]
    public void Stapling_WhereThePlatformHasNone_EndsTheStart()
    {
        var options = new TlsOptions { OcspStapling = true, Acme = true };

        Assert.Equal("OrleansLb:Frontend:Tls:OcspStapling: staples are shown on Linux only, where .NET has them; leave it off", Assert.Single(new TlsOptionsValidation(canStaple: false).Validate(null, options).Failures!));
        Assert.True(new TlsOptionsValidation(canStaple: true).Validate(null, options).Succeeded);
    }
}
