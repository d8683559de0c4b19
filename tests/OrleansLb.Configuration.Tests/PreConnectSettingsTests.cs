namespace OrleansLb.Configuration.Tests;

/// <summary>How many connections are held ready, and what goes with it.</summary>
public sealed class PreConnectSettingsTests
{
    private const string App = "ReverseProxy:Clusters:app";
    private const string Key = App + ":OrleansLb:PreConnect";

    [Theory]
    [InlineData("8", 8)]
    [InlineData("0", 0)]
    [InlineData(null, 0)]
    public void Compile_Number_JoinsTheClustersMetadata(string? value, int expected)
    {
        var cluster = Assert.Single(Compile((Key, value), (App + ":Metadata:Owner", "web")).Configuration!.Clusters);

        Assert.Equal(expected, PreConnect.Of(cluster.Metadata));
        Assert.Equal("web", cluster.Metadata!["owner"]);
    }

    [Theory]
    [InlineData("OrleansLb:PreConnect", "-1", "'-1' is not a whole number of connections from 0 to 256")]
    [InlineData("OrleansLb:PreConnect", "257", "'257' is not a whole number of connections from 0 to 256")]
    [InlineData("Destinations:a:Address", "https://10.0.0.1/", "holds only connections without TLS ready, and 'https://10.0.0.1/' of a is not http")]
    [InlineData("HttpClient:MaxConnectionsPerServer", "3", "is more than the 3 connections of HttpClient:MaxConnectionsPerServer")]
    [InlineData("HttpClient:WebProxy:Address", "http://proxy.test:3128", "holds only connections to the destinations themselves ready, and the cluster's HttpClient has a WebProxy")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string value, string message) =>
        Assert.Contains(new ConfigurationError(Key, message), Compile((Key, "4"), ($"{App}:{key}", value)).Errors);

    [Fact]
    public void Compile_AnotherVersionOfHttp_IsReported() =>
        Assert.Contains(
            new ConfigurationError(Key, "holds only connections of HTTP/1.1 ready, and the cluster's HttpRequest wants another version"),
            Compile((Key, "4"), (App + ":HttpRequest:Version", "2"), (App + ":HttpRequest:VersionPolicy", "RequestVersionExact")).Errors);

    private static CompilationResult Compile(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [App + ":Destinations:a:Address"] = "http://10.0.0.1/" };
        foreach (var (key, value) in settings)
        {
            if (value is not null)
                all[key] = value;
        }

        return TestDocuments.Compile(all);
    }
}
