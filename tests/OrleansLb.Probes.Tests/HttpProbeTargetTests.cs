using OrleansLb.Core;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes.Tests;

public sealed class HttpProbeTargetTests
{
    [Theory]
    [InlineData("http://10.0.0.1:8080", "/", "", "http://10.0.0.1:8080/")]
    [InlineData("http://10.0.0.1:8080/", "/health", "", "http://10.0.0.1:8080/health")]
    [InlineData("http://10.0.0.1/base/", "health", "?a=1&b=%20", "http://10.0.0.1/base/health?a=1&b=%20")]
    [InlineData("https://[::1]:8443/base?old=1", "/health", "?new=1", "https://[::1]:8443/base/health?new=1")]
    public void Of_AddressPathAndQuery_AreJoined(string address, string path, string query, string expected)
    {
        var uri = new Uri(address);
        var backend = new BackendDefinition("a", new Uri("http://traffic/"), uri, "app", 1, 1, BackendKey.Of("pool", "a", 1));
        var target = HttpProbeTarget.Of(backend, new ActiveHealthDefinition { Path = path, Query = query });
        Assert.Equal(expected, target.Uri.AbsoluteUri);
        Assert.Equal("app", target.Host);
        Assert.Equal(TimeSpan.FromSeconds(2), target.Timeout);
    }
}
