namespace OrleansLb.Configuration.Tests;

/// <summary>A file must not make the balancer hand out the credentials of its machine.</summary>
public sealed class BackendAddressTests
{
    private const string App = "ReverseProxy:Clusters:app";

    [Theory]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://169.254.1.1:8080/")]
    [InlineData("http://2852039166/")]
    [InlineData("http://0xA9.0xFE.0xA9.0xFE/")]
    [InlineData("http://[::ffff:169.254.169.254]/")]
    [InlineData("http://[fe80::1]/")]
    [InlineData("http://[fe80::1%25eth0]/")]
    [InlineData("http://[fd00:ec2::254]/")]
    [InlineData("http://100.100.100.200/")]
    [InlineData("https://metadata.google.internal/")]
    [InlineData("https://Metadata.Google.Internal./")]
    public void Compile_BackendAtMetadataService_IsRefused(string address)
    {
        foreach (var key in new[] { "Destinations:a:Address", "Destinations:a:Health", "HttpClient:WebProxy:Address" })
        {
            var settings = TestDocuments.Full();
            settings[$"{App}:{key}"] = address;

            var error = Assert.Single(TestDocuments.Compile(settings).Errors);

            Assert.Equal($"{App}:{key}", error.Path);
            Assert.EndsWith("list it in OrleansLb:AllowedBackendNetworks if that is meant", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://169.254.169.254/", "169.254.0.0/16")]
    [InlineData("http://169.254.169.254/", "169.254.169.254")]
    [InlineData("http://[fe80::1]/", "fe80::/10")]
    [InlineData("http://metadata.google.internal/", "METADATA.google.internal")]
    public void Compile_AllowedBackendNetwork_IsAccepted(string address, string allowed)
    {
        var settings = TestDocuments.Full();
        settings[App + ":Destinations:a:Address"] = address;
        settings["OrleansLb:AllowedBackendNetworks:1"] = allowed;

        Assert.Empty(TestDocuments.Compile(settings).Errors);
    }
}
