using System.Net;
using OrleansLb.Frontend.Tests.Tls;
using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>Routes that only those may use who show a certificate.</summary>
public sealed class CertificatePolicyTests
{
    private const string Section = "OrleansLb:Frontend:Authentication:Policies:staff:";
    private const string Told = "https://example.com/fields/X-User";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("alice.example", null, HttpStatusCode.OK)]
    [InlineData("alice.example", "ALICE.example", HttpStatusCode.OK)]
    [InlineData("alice.example", "bob.example", HttpStatusCode.Forbidden)]
    [InlineData("alice.example", "example", HttpStatusCode.Forbidden)]
    [InlineData("alice.example", "/bob.example, alice.example", HttpStatusCode.OK)]
    [InlineData("alice.example", "/bob.example,carol.example", HttpStatusCode.Forbidden)]
    [InlineData(null, null, HttpStatusCode.Forbidden)]
    [InlineData(null, "alice.example", HttpStatusCode.Forbidden)]
    public async Task Certificate_OfOneOfTheNames_IsLetInAndTheBackendIsToldWhich(string? shown, string? name, HttpStatusCode status)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend, name);
        using var client = frontend.Client(shown: shown is null ? null : frontend.Authority.Client(shown));
        client.DefaultRequestHeaders.Add("X-User", "root");

        using var answer = await client.GetAsync(Told, Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? shown! : "", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(status == HttpStatusCode.OK ? 1 : 0, backend.Requests);
    }

    [Theory]
    [InlineData("alice.example", "HTTP/1.1 200 ")]
    [InlineData("bob.example", "HTTP/1.1 403 ")]
    [InlineData(null, "HTTP/1.1 403 ")]
    public async Task Request_ForAnotherHostThanTheHandshakeWasFor_IsJudgedByTheSameCertificate(string? shown, string answer)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend, "alice.example");
        await using var connection = await frontend.Open("example.com", tls => tls.ClientCertificateContext = shown is null ? null : frontend.Authority.Client(shown).Context);
        await connection.WriteAsync("GET /fields/X-User HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n"u8.ToArray(), Cancellation);
        using var reader = new StreamReader(connection);
        Assert.StartsWith(answer, await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_OfAnotherAuthority_IsNotServed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(backend, name: null);
        using var other = new TestAuthority();
        using var client = frontend.Client(shown: other.Client("alice.example"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Told, Cancellation));
        Assert.Equal(0, backend.Requests);
    }

    private static async Task<TlsFrontend> Start(Backend backend, string? name)
    {
        var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend.Add("other", frontend.Authority.Server("other.example"));
        frontend["ClientCertificates:Mode"] = "Request";
        frontend["ClientCertificates:Authorities"] = frontend.Write("clients.pem", frontend.Authority.RootPem);
        frontend.Set(Section + "Type", "ClientCertificate");
        frontend.Set(Section + "ForwardUser", "X-User");
        // After a slash, all in one line.
        if (name is not null)
            frontend.Set(Section + (name[0] == '/' ? "Names" : "Names:0"), name.TrimStart('/'));
        await frontend.Start(new FrontendHostOptions { AuthorizationPolicy = "staff" }, backend);
        return frontend;
    }
}
