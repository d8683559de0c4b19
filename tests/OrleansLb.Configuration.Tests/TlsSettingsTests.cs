using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

/// <summary>How a pool's backends are met by TLS, and what is refused beside it.</summary>
public sealed class TlsSettingsTests
{
    private const string App = "ReverseProxy:Clusters:app";

    [Fact]
    public void Compile_EveryKey_JoinsTheClustersMetadata()
    {
        var cluster = Assert.Single(Compile((App + ":OrleansLb:Tls:ServerName", "app.test"), (App + ":Metadata:Owner", "web")).Configuration!.Clusters);

        var tls = BackendTls.Of(cluster.Metadata)!;
        Assert.Equal(("internal", "app.test"), (tls.Profile, tls.ServerName));
        Assert.Equal(["a.test", "b.test"], tls.Hosts);
        Assert.Equal("web", cluster.Metadata!["owner"]);
        Assert.Equal(tls.ToString(), BackendTls.Parse(tls.ToString()).ToString());
    }

    [Fact]
    public void Compile_ServerNameAlone_NeedsNoProfile()
    {
        var tls = BackendTls.Of(Assert.Single(Compile((App + ":OrleansLb:Tls:Profile", null), (App + ":OrleansLb:Tls:ServerName", "app.test")).Configuration!.Clusters).Metadata)!;

        Assert.Equal((null, "app.test"), (tls.Profile, tls.ServerName));
    }

    [Fact]
    public void Compile_NoKey_LeavesTheCluster() =>
        Assert.Null(Assert.Single(Compile((App + ":OrleansLb:Tls:Profile", null)).Configuration!.Clusters).Metadata);

    [Fact]
    public void Compile_PoolWithChecks_IsProbedAsItsRequestsMeetIt()
    {
        var pool = Assert.Single(Compile((App + ":HealthCheck:Active:Enabled", "true"), (App + ":HealthCheck:Active:Policy", "ClusterConsecutiveFailures"), (App + ":OrleansLb:Tls:ServerName", "app.test")).Configuration!.Snapshot.Pools).Value;

        Assert.Equal(new ProbeTlsDefinition("internal", "app.test"), pool.ActiveHealth!.Tls);
    }

    [Theory]
    [InlineData(":OrleansLb:Tls:Profile", "", "'' is not 1 to 64 letters, digits, dots, dashes or underscores")]
    [InlineData(":OrleansLb:Tls:Profile", "a:b", "'a:b' is not 1 to 64 letters, digits, dots, dashes or underscores")]
    [InlineData(":OrleansLb:Tls:ServerName", "https://app.test/", "'https://app.test/' is neither a host name nor an address")]
    [InlineData(":OrleansLb:Tls:Profil", "x", "unknown key; did you mean Profile?")]
    [InlineData(":Destinations:a:Address", "http://10.0.0.1/", "'http://10.0.0.1/' is not https, as OrleansLb:Tls of the cluster wants it")]
    [InlineData(":HttpClient:DangerousAcceptAnyServerCertificate", "true", "goes with no OrleansLb:Tls, whose certificates are always verified")]
    [InlineData(":HttpClient:SslProtocols:0", "Tls12", "goes with no OrleansLb:Tls; the front-ends' profiles have MinimumVersion", ":HttpClient:SslProtocols")]
    [InlineData(":HttpClient:WebProxy:Address", "http://proxy.test:3128", "goes with no OrleansLb:Tls, which meets the destinations themselves", ":HttpClient:WebProxy")]
    [InlineData(":Metadata:orleanslb.tls", "other", "metadata whose name begins with OrleansLb. is reserved")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string value, string message, string? path = null) =>
        Assert.Contains(new ConfigurationError(App + (path ?? key), message), Compile((App + key, value)).Errors);

    private static CompilationResult Compile(params (string Key, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [App + ":OrleansLb:Tls:Profile"] = "internal",
            [App + ":Destinations:a:Address"] = "https://10.0.0.1/",
            [App + ":Destinations:a:Host"] = "b.test:8443",
            [App + ":Destinations:b:Address"] = "https://10.0.0.2/",
            [App + ":Destinations:b:Host"] = "a.test",
            [App + ":Destinations:c:Address"] = "https://10.0.0.3/",
        };
        foreach (var (key, value) in changes)
        {
            if (value is null)
                settings.Remove(key);
            else
                settings[key] = value;
        }

        return TestDocuments.Compile(settings);
    }
}
