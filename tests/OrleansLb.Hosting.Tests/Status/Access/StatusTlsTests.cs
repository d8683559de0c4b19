using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Tests.Status.Access;

public sealed class StatusTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("orleanslb-status-tls-");

    private string Certificate => Path.Combine(_folder.FullName, "certificate.pem");

    private string Key => Path.Combine(_folder.FullName, "key.pem");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Https_ShowsTheCertificateOfTheFiles_AndANewOneWithoutARestart()
    {
        var first = Write();
        using var tokens = new TokenFiles();
        await using var host = await GuardedHost.Start(
            "--OrleansLb:Status:Url=https://0.0.0.0:0", $"--OrleansLb:Status:Tls:Certificate={Certificate}", $"--OrleansLb:Status:Tls:Key={Key}", $"--OrleansLb:Status:Tokens={tokens.Path}");
        Assert.Equal(Uri.UriSchemeHttps, host.Client.BaseAddress!.Scheme);
        Assert.Equal((HttpStatusCode.OK, first), await Ask(host));
        Assert.DoesNotContain(host.Log, static line => line.Id.Name == "StatusTokensInClear");

        var second = Write();
        var shelf = host.Service<StatusCertificate>().Shelf;
        shelf.Look();
        shelf.Look();
        Assert.Equal((HttpStatusCode.OK, second), await Ask(host));

        await File.WriteAllTextAsync(Certificate, "nothing", TestContext.Current.CancellationToken);
        shelf.Look();
        shelf.Look();
        Assert.Equal((HttpStatusCode.OK, second), await Ask(host));
    }

    private static async Task<(HttpStatusCode Status, string Serial)> Ask(GuardedHost host)
    {
        var serial = "";
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => (serial = shown!.GetSerialNumberString()).Length > 0 },
        };
        using var client = new HttpClient(handler) { BaseAddress = host.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/look") { Headers = { Authorization = new("Bearer", TokenFiles.Reader) } };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, serial);
    }

    private string Write()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("status.example");
        var request = new CertificateRequest("CN=status.example", key, HashAlgorithmName.SHA256) { CertificateExtensions = { names.Build() } };
        // The clock of the host stands in another year.
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(1999, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero));
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        return certificate.SerialNumber;
    }
}
