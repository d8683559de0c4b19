using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Tests.Status.Access;

namespace OrleansLb.Hosting.Tests.Status;

public sealed class StatusOptionsValidatorTests : IDisposable
{
    private readonly TokenFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("http://localhost:8090")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.1.2.3:80")]
    [InlineData("http://[::1]:8090")]
    public void Validate_Loopback_HasNoError(string url) => Assert.Empty(Validate(url));

    [Theory]
    [InlineData("http://0.0.0.0:8090")]
    [InlineData("http://[::]:8090")]
    [InlineData("http://*:8090")]
    [InlineData("http://+:8090")]
    [InlineData("http://10.0.0.1:8090")]
    [InlineData("http://lb.example:8090")]
    public void Validate_Reachable_NeedsTokensOrPermission(string url)
    {
        var mistake = Assert.Single(Validate(url));
        Assert.Contains("OrleansLb:Status:AllowRemote=true", mistake, StringComparison.Ordinal);
        Assert.Contains("OrleansLb:Status:Tokens", mistake, StringComparison.Ordinal);
        Assert.Empty(Validate(url, static options => options.AllowRemote = true));
        Assert.Empty(Validate(url, options => options.Tokens = _files.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost:8090")]
    [InlineData("ftp://localhost:8090")]
    [InlineData("http://localhost:8090/path")]
    [InlineData("http://localhost:port")]
    public void Validate_NotAnAddress_Fails(string url) =>
        Assert.Contains("OrleansLb:Status:Url", Assert.Single(Validate(url, static options => options.AllowRemote = true)), StringComparison.Ordinal);

    [Fact]
    public void Validate_TokensAreMissing_NamesTheKeyThatWantsThem()
    {
        Assert.StartsWith("OrleansLb:Status:MetricsNeedToken: ", Assert.Single(Validate("http://localhost:8090", static options => options.MetricsNeedToken = true)), StringComparison.Ordinal);
        Assert.StartsWith("OrleansLb:Status:Tokens: ", Assert.Single(Validate("http://localhost:8090", static options => options.Tokens = "/nowhere/tokens")), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_CertificateAndAddressDiffer_NamesTheCertificate()
    {
        const string key = "OrleansLb:Status:Tls:Certificate: ";
        Assert.StartsWith(key + "it is missing", Assert.Single(Validate("https://localhost:8090")), StringComparison.Ordinal);
        Assert.StartsWith(key + "there is a certificate", Assert.Single(Validate("http://localhost:8090", static options => options.Tls.Certificate = "a.pem")), StringComparison.Ordinal);
        Assert.StartsWith(key, Assert.Single(Validate("https://localhost:8090", static options => options.Tls.Certificate = "/nowhere/a.pem")), StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_SeveralMistakes_TellsAll() => Assert.Equal(3, Validate("https://0.0.0.0:8090", static options => options.MetricsNeedToken = true).Count);

    private static IReadOnlyList<string> Validate(string url, Action<StatusOptions>? change = null)
    {
        var options = new StatusOptions { Url = url };
        change?.Invoke(options);
        return [.. new StatusOptionsValidator().Validate(null, options).Failures ?? []];
    }
}
