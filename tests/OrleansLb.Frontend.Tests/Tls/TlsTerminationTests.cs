using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Hosting.Certificates;
using OrleansLb.Hosting.Files;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>TLS through a real listener, with clients that check what a browser checks.</summary>
public sealed class TlsTerminationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1", "HTTP/1.1")]
    [InlineData("2.0", "HTTP/1.1")]
    public async Task Request_OverTls_ReachesTheBackendWhichIsToldOfHttps(string version, string backendSpeaks)
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start(backend);
        using var client = frontend.Client(Version.Parse(version));

        using var response = await client.GetAsync("https://example.com/protocol", Cancellation);

        Assert.Equal(Version.Parse(version), response.Version);
        Assert.Equal(backendSpeaks, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("https", await client.GetStringAsync("https://example.com/fields/X-Forwarded-Proto", Cancellation));
    }

    [Theory]
    [InlineData("example.com", "exact")]
    [InlineData("www.example.com", "wildcard")]
    [InlineData("a.b.example.com", "other")]
    [InlineData("example.org", "other")]
    [InlineData("", "other")]
    public async Task Handshake_Host_IsShownTheCertificateThatIsForIt(string host, string expected)
    {
        await using var frontend = new TlsFrontend();
        var certificates = new Dictionary<string, IssuedCertificate>
        {
            ["exact"] = frontend.Authority.Server("example.com"),
            ["other"] = frontend.Authority.Server("example.net"),
            ["wildcard"] = frontend.Authority.Server("*.example.com", "example.com"),
        };
        foreach (var (name, certificate) in certificates)
            frontend.Add(name, certificate);
        frontend["Default"] = "other";
        await frontend.Start();

        Assert.Equal(certificates[expected].Serial, (await frontend.Handshake(host)).Serial);
    }

    [Fact]
    public async Task Handshake_HostsAreConfigured_OnlyTheyCount()
    {
        await using var frontend = new TlsFrontend();
        var (first, second) = (frontend.Authority.Server("example.com"), frontend.Authority.Server("example.com"));
        frontend.Add("first", first);
        frontend.Add("second", second);
        frontend["Certificates:first:Hosts:0"] = "*.internal.example";
        await frontend.Start();

        Assert.Equal(second.Serial, (await frontend.Handshake("example.com")).Serial);
        Assert.Equal(first.Serial, (await frontend.Handshake("a.internal.example")).Serial);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, "h2")]
    [InlineData(SslProtocols.Tls13, "http/1.1")]
    [InlineData(SslProtocols.Tls13, "h2")]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, "h2")]
    public async Task Handshake_VersionsAndProtocols_AreThoseThatBothHave(SslProtocols versions, string protocol)
    {
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start();

        var seen = await frontend.Handshake("example.com", client => (client.EnabledSslProtocols, client.ApplicationProtocols) = (versions, [new SslApplicationProtocol(protocol)]));

        Assert.Equal((versions == SslProtocols.Tls12 ? SslProtocols.Tls12 : SslProtocols.Tls13, protocol), (seen.Version, seen.Application.ToString()));
    }

    [Fact]
    public async Task Handshake_OnlyOlderThanTheMinimum_IsRefused()
    {
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend["MinimumVersion"] = "Tls13";
        await frontend.Start();

        await Assert.ThrowsAsync<AuthenticationException>(() => frontend.Handshake("example.com", static client => client.EnabledSslProtocols = SslProtocols.Tls12));
        Assert.Equal(SslProtocols.Tls13, (await frontend.Handshake("example.com")).Version);
    }

    [Fact]
    public async Task Handshake_CiphersWithoutForwardSecrecyOrAuthentication_AreRefused()
    {
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start();

        await Assert.ThrowsAsync<AuthenticationException>(() => frontend.Handshake("example.com", static client => (client.EnabledSslProtocols, client.CipherSuitesPolicy) = (
            SslProtocols.Tls12, new CipherSuitesPolicy([TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256]))));
    }

    // Who does without SSL 3 offers all that there is.
    [Theory]
    [InlineData(null, "tls1_3")]
    [InlineData(null, "no_ssl3")]
    [InlineData("Tls13", "tls1_3")]
    public async Task Session_OfTls13_IsResumedWhereItWasMade(string? minimum, string version)
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend.Add("other", frontend.Authority.Server("example.net"));
        frontend["Default"] = "site";
        frontend["MinimumVersion"] = minimum;
        await frontend.Start(backend);

        Assert.True(await OpensslClient.Resumes(frontend.Host.Http1.Port, version: version));
        Assert.False(await OpensslClient.Resumes(frontend.Host.Http1.Port, second: "example.net", version: version));
    }

    [Fact]
    public async Task Session_OfTls12_IsNotResumed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start(backend);

        Assert.False(await OpensslClient.Resumes(frontend.Host.Http1.Port, version: "tls1_2"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Tls13")]
    public async Task Session_OfAClientWithACertificate_IsNotResumed(string? minimum)
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend["MinimumVersion"] = minimum;
        frontend["ClientCertificates:Mode"] = "Request";
        frontend["ClientCertificates:Authorities"] = frontend.Write("clients.pem", frontend.Authority.RootPem);
        await frontend.Start(backend);

        Assert.False(await OpensslClient.Resumes(frontend.Host.Http1.Port));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Tls13")]
    public async Task Session_WhereStaplesAreShown_IsNotResumed(string? minimum)
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend["MinimumVersion"] = minimum;
        frontend["OcspStapling"] = "true";
        await frontend.Start(backend);

        Assert.False(await OpensslClient.Resumes(frontend.Host.Http1.Port));
    }

    [Theory]
    [InlineData("nistP384", "TLSv1.3")]
    [InlineData("secp224r1", "TLSv1.2")]
    public async Task Handshake_KeyOnACurve_IsOfTheVersionThatHasIt_WhateverTheClientOffersBeside(string curve, string version)
    {
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server(ECCurve.CreateFromFriendlyName(curve), "example.com"));
        await frontend.Start();

        Assert.Equal(version, await OpensslClient.Version(frontend.Host.Http1.Port, "P-256:P-384:secp224r1"));
    }

    [Fact]
    public async Task Pfx_WithAPassword_IsShownWithAllOfItsChain()
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        await File.WriteAllBytesAsync(frontend.PathOf("site.pfx"), frontend.Authority.Server("example.com").ToPfx("secret"), Cancellation);
        frontend["Certificates:site:Certificate"] = frontend.PathOf("site.pfx");
        frontend["Certificates:site:Password"] = "secret";
        await frontend.Start(backend);
        using var client = frontend.Client();

        Assert.Equal(backend.Id, await client.GetStringAsync("https://example.com/id", Cancellation));
    }

    [Fact]
    public async Task Hsts_IsSaidByHttpsInThePlaceOfTheBackends()
    {
        await using var backend = await Backend.Start();
        backend.Reports = [("Strict-Transport-Security", "max-age=1")];
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend["HstsMaxAge"] = "365.00:00:00";
        frontend["HstsIncludeSubDomains"] = "true";
        await frontend.Start(backend);
        using var client = frontend.Client();

        using var response = await client.GetAsync("https://example.com/report", Cancellation);

        Assert.Equal(["max-age=31536000; includeSubDomains"], response.Headers.GetValues("Strict-Transport-Security"));
    }

    [Fact]
    public void Http3_WithoutItsLibrary_EndsTheStart()
    {
        using var authority = new TestAuthority();
        var folder = Directory.CreateTempSubdirectory("orleanslb-http3");
        try
        {
            var issued = authority.Server("example.com");
            var file = Path.Combine(folder.FullName, "site.pem");
            File.WriteAllText(file, issued.ChainPem + issued.KeyPem);
            var options = new TlsOptions { Http3 = true, Certificates = { ["site"] = new CertificateFiles { Certificate = file } } };

            Assert.StartsWith("OrleansLb:Frontend:Tls:Http3: this machine has no library for QUIC", Assert.Single(new TlsOptionsValidation(hasQuic: false).Validate(null, options).Failures!), StringComparison.Ordinal);
            Assert.True(new TlsOptionsValidation(hasQuic: true).Validate(null, options).Succeeded);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Certificates:site:Certificate", "site.pem", "Certificates: there are certificates")]
    [InlineData("HstsMaxAge", "365.00:00:00", "HstsMaxAge: browsers are to come by https")]
    [InlineData("Http3", "true", "Http3: HTTP/3 is to be spoken")]
    [InlineData("OcspStapling", "true", "OcspStapling: staples are to be shown")]
    [InlineData("MaxHandshakesPerClient", "20", "MaxHandshakesPerClient: handshakes are to be counted")]
    public async Task SettingThatNeedsTls_WithoutAnAddressThatSaysHttps_EndsTheStartWithItsKey(string key, string value, string message)
    {
        var settings = new Dictionary<string, string?> { [$"OrleansLb:Frontend:Tls:{key}"] = value };

        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => FrontendHost.Start(new FrontendHostOptions { Settings = settings }));

        Assert.Equal($"OrleansLb:Frontend:Tls:{message}, and no address of OrleansLb:Frontend:Urls says https", Assert.Single(failure.Failures));
    }

    [Theory]
    [InlineData("MinimumVersion", "Tls11")]
    [InlineData("HstsMaxAge", "-1.00:00:00")]
    [InlineData("Default", "nobody")]
    public async Task Settings_ThatAreWrong_EndTheStart(string key, string value)
    {
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend[key] = value;
        Assert.Contains(key, (await Assert.ThrowsAnyAsync<Exception>(() => frontend.Start())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlainHttp_ToAPortOfTls_IsAnsweredByNobody_AndOthersAreServed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start(backend);
        using var plain = new HttpClient();
        using var client = frontend.Client();

        await Assert.ThrowsAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(frontend.Host.Http1) { Scheme = "http", Path = "/id" }.Uri, Cancellation));
        Assert.Equal(backend.Id, await client.GetStringAsync("https://example.com/id", Cancellation));
    }

    [Fact]
    public async Task Certificate_IsReplacedTwentyTimesUnderLoad_NoHandshakeAndNoRequestFails()
    {
        await using var backend = await Backend.Start();
        await using var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        await frontend.Start(backend);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var load = Enumerable.Range(0, 4).Select(number => AskUntil(frontend, isKept: number % 2 == 0, stop.Token)).ToArray();

        for (var time = 0; time < 20; time++)
        {
            var next = frontend.Authority.Server("example.com");
            frontend.Write("site", next);
            while ((await frontend.Handshake("example.com")).Serial != next.Serial)
                frontend.Host.Clock.Advance(FileWatcher.Period);
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(load), static answers => Assert.NotEqual(0, answers));
    }

    /// <summary>Asks again and again, over one connection or a new one each time, and returns how often it was answered.</summary>
    private static async Task<int> AskUntil(TlsFrontend frontend, bool isKept, CancellationToken stop)
    {
        var (answers, client) = (0, frontend.Client());
        while (!stop.IsCancellationRequested)
        {
            Assert.NotEmpty(await client.GetStringAsync("https://example.com/id", Cancellation));
            answers++;
            if (isKept)
                continue;
            client.Dispose();
            client = frontend.Client();
        }

        client.Dispose();
        return answers;
    }
}
