using System.Net;
using System.Security.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Configuration;
using OrleansLb.Core.Configuration;
using OrleansLb.Frontend.Tests.Forwarding;
using OrleansLb.Testing.Certificates;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>TLS to real backends: who is believed, who is shown what, and what becomes of requests otherwise.</summary>
public sealed class BackendTlsTests : IDisposable
{
    private const string Host = "localhost";

    private readonly TestAuthority _other = new("Another root");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static BackendTls Wanted => BackendTlsFrontend.Wanted;

    public void Dispose() => _other.Dispose();

    [Theory]
    [InlineData("Direct")]
    [InlineData("Yarp")]
    public async Task Backend_OfTheProfilesAuthorities_IsSentRequests(string forwarder)
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        await frontend.Trusting(frontend.Authority, _other).Start(new FrontendHostOptions { Tls = Wanted, Settings = new() { ["OrleansLb:Frontend:Forwarder"] = forwarder } }, backend);

        Assert.Equal(backend.Id, await frontend.Get("/id"));
        Assert.Equal([Host], backend.Asked);
        Assert.Empty(frontend.Failures);
        Assert.Equal("no pool wants one that is not here", frontend.Detail("tls-profiles"));
    }

    [Theory]
    [InlineData("authority", "none of the trusted authorities made it, but CN=Another root intermediate")]
    [InlineData("name", "it is for app.example, and not for localhost")]
    [InlineData("expired", "CN=localhost is valid from 2001-01-01 00:00 to 2002-01-01 00:00 UTC")]
    [InlineData("certificate", "")]
    public async Task Backend_ThatIsNotTheOneThatIsMeant_IsSentNothingAndItIsSaidWhy(string reason, string text)
    {
        await using var frontend = new BackendTlsFrontend();
        var year = new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero);
        await using var backend = await TlsBackend.Start(reason switch
        {
            "authority" => _other.Server(Host),
            "name" => frontend.Authority.Server("app.example"),
            "expired" => frontend.Authority.Server(year, year.AddYears(1), Host),
            _ => frontend.Authority.Client(Host),
        });
        await frontend.Trusting(frontend.Authority).Start(backend);

        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/id"));
        Assert.Equal(0, backend.Requests);
        Assert.All(frontend.Failures, counted => Assert.Equal(reason, counted));
        Assert.NotEmpty(frontend.Failures);
        var said = frontend.Log.First(static record => record.Id.Name == "BackendNotVerified").Message;
        Assert.StartsWith($"localhost:{backend.Port} of pool app is sent nothing, because of its certificate ({reason}): ", said, StringComparison.Ordinal);
        Assert.Contains(text, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_ThatIsNotTheOneThatIsMeant_AnotherGetsTheRequestWhole()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var wrong = await TlsBackend.Start(_other.Server(Host), id: "wrong");
        await using var right = await TlsBackend.Start(frontend.Authority.Server(Host), id: "right");
        await frontend.Trusting(frontend.Authority).Start(wrong, right);

        for (var i = 0; i < 4; i++)
        {
            using var response = await frontend.Client.PostAsync("/echo", new StringContent("hello"), Cancellation);
            Assert.Equal("hello", await response.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal((0, 4), (wrong.Requests, right.Requests));
        Assert.NotEmpty(frontend.Failures);
    }

    [Fact]
    public async Task Pool_WithoutAProfile_IsVerifiedByTheMachinesRoots()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        await frontend.Trusting(frontend.Authority).Start(new FrontendHostOptions(), backend);

        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/id"));
        Assert.Equal(0, backend.Requests);
        Assert.All(frontend.Failures, static reason => Assert.Equal("authority", reason));
        Assert.Contains(frontend.Log, static record => record.Id.Name == "BackendNotVerified");
    }

    [Fact]
    public async Task ServerName_OfThePool_IsAskedForAndMustBeInTheCertificate()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server("app.example"));
        await frontend.Trusting(frontend.Authority).Start(new FrontendHostOptions { Tls = Wanted with { ServerName = "app.example" } }, backend);

        Assert.Equal(backend.Id, await frontend.Get("/id"));
        Assert.Equal(["app.example"], backend.Asked);
        Assert.Equal($"localhost:{backend.Port}", await frontend.Get("/fields/Host"));

        backend.Shown = frontend.Authority.Server(Host);
        await frontend.Host.Apply(new FrontendHostOptions { Tls = Wanted with { ServerName = "api.example" } }, new Dictionary<string, string> { ["a"] = backend.Address }, generation: 1);
        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/id"));
        Assert.Contains("name", frontend.Failures);
    }

    [Fact]
    public async Task Host_OfTheDestination_IsTheNameAsWithYarp()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server("app.example"));
        await frontend.Trusting(frontend.Authority).Start(new FrontendHostOptions { Tls = Wanted with { Hosts = ["app.example"] }, BackendHost = "app.example" }, backend);

        Assert.Equal("app.example", await frontend.Get("/fields/Host"));
        Assert.Equal(["app.example"], backend.Asked);
    }

    [Fact]
    public async Task Host_ThatAClientNames_IsNoName()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        var options = new FrontendHostOptions { Tls = Wanted, Transforms = [new() { ["RequestHeaderOriginalHost"] = "true" }] };
        await frontend.Trusting(frontend.Authority).Start(options, backend);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fields/Host") { Headers = { Host = "evil.example" } };

        using var response = await frontend.Client.SendAsync(request, Cancellation);

        Assert.Equal("evil.example", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal([Host], backend.Asked);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Certificate_OfTheProfile_IsShownToABackendThatWantsOne(bool isPfx)
    {
        await using var frontend = new BackendTlsFrontend();
        var shown = frontend.Authority.Client("frontend.example");
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        backend.Clients = [frontend.Authority];
        frontend.Trusting(frontend.Authority);
        if (isPfx)
        {
            await File.WriteAllBytesAsync(frontend.PathOf("client.pfx"), shown.ToPfx("secret"), Cancellation);
            (frontend["Certificate"], frontend["Password"]) = (frontend.PathOf("client.pfx"), "secret");
        }
        else
        {
            frontend.Showing(shown);
        }

        await frontend.Start(backend);

        Assert.Equal(shown.Serial, await frontend.Get("/client"));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, false)]
    [InlineData(SslProtocols.Tls13, false)]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, true)]
    public async Task Certificate_NoneOrOneOfAnotherAuthority_IsRefusedByABackendThatWantsOne(SslProtocols version, bool isShown)
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        (backend.Clients, backend.Versions) = ([frontend.Authority], version);
        frontend.Trusting(frontend.Authority);
        if (isShown)
            frontend.Showing(_other.Client("mallory.example"));
        await frontend.Start(backend);

        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/client"));
        Assert.Equal(0, backend.Requests);
    }

    [Fact]
    public async Task MinimumVersion_OlderBackend_IsSentNothing()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        backend.Versions = SslProtocols.Tls12;
        frontend.Trusting(frontend.Authority);
        frontend["MinimumVersion"] = "Tls13";
        await frontend.Start(backend);

        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/id"));
        Assert.All(frontend.Failures, static reason => Assert.Equal("handshake", reason));
        Assert.Contains(frontend.Log, static record => record.Id.Name == "BackendHandshakeFailed");
        backend.Versions = SslProtocols.Tls13;
        Assert.Equal(backend.Id, await frontend.Get("/id"));
    }

    [Fact]
    public async Task Yarp_DangerousAcceptAnyServerCertificate_AcceptsAnyAndItIsSaid()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(_other.Server("other.example"));
        await frontend.Start(new FrontendHostOptions { Client = new HttpClientConfig { DangerousAcceptAnyServerCertificate = true } }, backend);

        Assert.Equal(backend.Id, await frontend.Get("/id"));
        Assert.Equal(LogLevel.Warning, Assert.Single(frontend.Log, static record => record.Id.Name == "BackendsNotVerified").Level);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, true)]
    [InlineData(SslProtocols.Tls13, false)]
    public async Task Yarp_SslProtocols_AreThoseThatAreSpoken(SslProtocols spoken, bool isAnswered)
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(_other.Server(Host));
        backend.Versions = SslProtocols.Tls12;
        await frontend.Start(new FrontendHostOptions { Client = new HttpClientConfig { DangerousAcceptAnyServerCertificate = true, SslProtocols = spoken } }, backend);

        Assert.Equal(isAnswered ? HttpStatusCode.OK : HttpStatusCode.BadGateway, await frontend.Status("/id"));
    }

    [Theory]
    [InlineData("https", false)]
    [InlineData("http", false)]
    [InlineData("https", true)]
    public async Task Profile_ThatIsNotHere_IsABadGatewayAndNothingIsDialled(string scheme, bool isOfAnApplication)
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server(Host));
        var options = new FrontendHostOptions
        {
            Tls = isOfAnApplication ? Wanted : Wanted with { Profile = "nobody" },
            Services = services => _ = isOfAnApplication ? services.AddSingleton<IForwarderHttpClientFactory, OwnClientFactory>() : services,
        };
        await frontend.Trusting(frontend.Authority).Start(options, new Dictionary<string, string> { ["a"] = $"{scheme}://localhost:{backend.Port}" });

        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/id"));
        Assert.Equal(0, backend.Connections);
        Assert.Equal(["tls.profile"], frontend.Rejections);
        const string Key = "OrleansLb:Frontend:Tls:Backends:nobody";
        Assert.Equal(isOfAnApplication ? "pool app is answered 502: OwnClientFactory makes its clients" : $"pool app is answered 502: there is no {Key}", frontend.Detail("tls-profiles"));
        Assert.Equal(isOfAnApplication ? [] : [$"Pool app is answered 502: it wants {Key}, and there is none."], frontend.Log.Where(static record => record.Id.Name == "BackendProfileMissing").Select(static record => record.Message));
    }

    [Fact]
    public async Task File_OfTwoPools_OneIsServedAndTheOtherWhoseProfileIsNotHereIsABadGateway()
    {
        await using var frontend = new BackendTlsFrontend();
        await using var backend = await TlsBackend.Start(frontend.Authority.Server("app.example"));
        await frontend.Trusting(frontend.Authority).Start(new FrontendHostOptions(), backend);
        using var compiler = new ConfigurationCompiler();
        var compiled = compiler.Compile(
            SettingsDocument.FromSettings(
            [
                .. Pool("good", "/id", "internal", backend), .. Pool("bad", "/protocol", "nobody", backend),
            ]),
            version: 2, GenerationLedger.Empty, FrontendHost.Ring);
        Assert.Empty(compiled.Errors);

        await frontend.Host.Apply(compiled.Configuration!);

        Assert.Equal(backend.Id, await frontend.Get("/id"));
        Assert.Equal(HttpStatusCode.BadGateway, await frontend.Status("/protocol"));
        Assert.Equal(backend.Id, await frontend.Get("/id"));
        Assert.Equal(["app.example"], backend.Asked);
        Assert.Equal(["tls.profile"], frontend.Rejections);
    }

    [Fact]
    public async Task Files_ThatCannotBeUsed_EndTheStartWithTheirKeys()
    {
        await using var frontend = new BackendTlsFrontend();
        frontend["Authorities"] = frontend.Write("authorities.pem", "no certificate at all");
        frontend["MinimumVersion"] = "7";
        var server = frontend.Authority.Server(Host);
        frontend["Certificate"] = frontend.Write("client.pem", server.ChainPem + server.KeyPem);

        var said = (await Assert.ThrowsAsync<OptionsValidationException>(() => frontend.Start())).Failures.ToList();

        const string Section = "OrleansLb:Frontend:Tls:Backends:internal:";
        Assert.Equal(
            [
                $"{Section}MinimumVersion: it is none of Tls12, Tls13",
                $"{Section}Authorities: there is no certificate in {frontend.PathOf("authorities.pem")}",
                $"{Section}Certificate: it is no certificate of a client (no clientAuth among its extended key usages)",
            ],
            said);
    }

    [Fact]
    public async Task Key_WithoutACertificate_EndsTheStart()
    {
        await using var frontend = new BackendTlsFrontend();
        frontend["Key"] = "client.key";
        var said = (await Assert.ThrowsAsync<OptionsValidationException>(() => frontend.Start())).Failures;
        Assert.Equal("OrleansLb:Frontend:Tls:Backends:internal:Certificate: the file is missing, and there is a Key or a Password", Assert.Single(said));
    }

    private static IEnumerable<KeyValuePair<string, string?>> Pool(string id, string path, string profile, TlsBackend backend) =>
    [
        new($"ReverseProxy:Routes:{id}:ClusterId", id),
        new($"ReverseProxy:Routes:{id}:Match:Path", path),
        new($"ReverseProxy:Clusters:{id}:OrleansLb:Tls:Profile", profile),
        new($"ReverseProxy:Clusters:{id}:OrleansLb:Tls:ServerName", "app.example"),
        new($"ReverseProxy:Clusters:{id}:Destinations:a:Address", backend.Address),
    ];
}
