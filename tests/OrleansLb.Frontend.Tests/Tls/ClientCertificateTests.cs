using OrleansLb.Testing.Certificates;

namespace OrleansLb.Frontend.Tests.Tls;

/// <summary>Clients that show certificates, and those that only say they do.</summary>
public sealed class ClientCertificateTests
{
    private const string Field = "X-Forwarded-Client-Cert";
    private const string Told = "https://example.com/fields/" + Field;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Require_CertificateOfTheAuthority_IsServedAndTheBackendIsToldOfIt()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("Require", backend);
        var shown = frontend.Authority.Client("alice.example");
        using var client = frontend.Client(shown: shown);

        var told = await client.GetStringAsync(Told, Cancellation);

        var hash = shown.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant();
        Assert.Equal($"Hash={hash};Subject=\"CN=alice.example\";DNS=alice.example", told);
        Assert.Equal(told, await client.GetStringAsync(Told, Cancellation));
    }

    [Fact]
    public async Task Require_NoneOrOneOfAnotherAuthorityOrOneOfAServer_IsNotServed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("Require", backend);
        using var other = new TestAuthority();
        foreach (var shown in (IssuedCertificate?[])[null, other.Client("mallory.example"), frontend.Authority.Server("example.com")])
        {
            using var client = frontend.Client(shown: shown);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Told, Cancellation));
        }

        Assert.Equal(0, backend.Requests);
    }

    [Theory]
    [InlineData("alice.example", "alice.example\0.mallory.example")]
    [InlineData("alice.example", "\0")]
    [InlineData("alice.example\0.mallory.example", "alice.example")]
    [InlineData("alice.example", "alice.ex\u00e4mple")]
    public async Task Require_NameThatEndsElsewhereForOthersOrCannotBeRead_IsNotServed(string subject, string name)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("Require", backend);
        using var client = frontend.Client(shown: frontend.Authority.ClientWritten(subject, name));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(Told, Cancellation));
        Assert.Equal(0, backend.Requests);

        using var plain = frontend.Client(shown: frontend.Authority.ClientWritten("alice.example", "alice.example"));
        Assert.Contains("DNS=alice.example", await plain.GetStringAsync(Told, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_None_IsServedAndTheBackendIsToldOfNone_AndOneOfAnotherAuthorityIsNotServed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start("Request", backend);
        using var other = new TestAuthority();
        using var without = frontend.Client();
        using var wrong = frontend.Client(shown: other.Client("mallory.example"));
        using var right = frontend.Client(shown: frontend.Authority.Client("alice.example"));

        Assert.Equal("", await without.GetStringAsync(Told, Cancellation));
        await Assert.ThrowsAsync<HttpRequestException>(() => wrong.GetStringAsync(Told, Cancellation));
        Assert.Contains("CN=alice.example", await right.GetStringAsync(Told, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("None", "1.1")]
    [InlineData("Request", "2.0")]
    public async Task Field_ThatAClientSends_IsRemoved(string mode, string version)
    {
        await using var backend = await Backend.Start();
        await using var frontend = await Start(mode, backend);
        using var client = frontend.Client(Version.Parse(version));
        client.DefaultRequestHeaders.TryAddWithoutValidation(Field, "Hash=0;Subject=\"CN=root\"");

        Assert.Equal("", await client.GetStringAsync(Told, Cancellation));
    }

    private static async Task<TlsFrontend> Start(string mode, Backend backend)
    {
        var frontend = new TlsFrontend();
        frontend.Add("site", frontend.Authority.Server("example.com"));
        frontend["ClientCertificates:Mode"] = mode;
        frontend["ClientCertificates:Authorities"] = frontend.Write("clients.pem", frontend.Authority.RootPem);
        await frontend.Start(backend);
        return frontend;
    }
}
