using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Grpc;
using OrleansLb.Probes.Http;
using OrleansLb.Probes.Scripts;
using OrleansLb.Probes.Tcp;

namespace OrleansLb.Probes.Tests;

public sealed class ProbeTargetTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("http://10.0.0.1:8080", "/", "", "http://10.0.0.1:8080/")]
    [InlineData("http://10.0.0.1:8080/", "/health", "", "http://10.0.0.1:8080/health")]
    [InlineData("http://10.0.0.1/base/", "health", "?a=1&b=%20", "http://10.0.0.1/base/health?a=1&b=%20")]
    [InlineData("https://[::1]:8443/base?old=1", "/health", "?new=1", "https://[::1]:8443/base/health?new=1")]
    public void Of_AddressPathAndQuery_AreJoined(string address, string path, string query, string expected)
    {
        var target = Of<HttpProbeTarget>(address, new HttpProbeDefinition { Path = path, Query = query });
        Assert.Equal(expected, target.Uri.AbsoluteUri);
        Assert.Equal("app", target.Host);
        Assert.Equal(Limit, target.Timeout);
    }

    [Fact]
    public void Of_HttpProbe_AsksAsDefined()
    {
        Assert.True(HttpStatusSet.TryParse("401", out var statuses));
        var target = Of<HttpProbeTarget>("http://10.0.0.1:8080/", new HttpProbeDefinition
        {
            Port = 9090,
            Host = "probe.test",
            Method = "HEAD",
            Headers = [new ProbeHeader("A", "b")],
            ExpectedStatus = statuses,
            BodyContains = "x",
        });
        Assert.Equal(("http://10.0.0.1:9090/", "probe.test", "HEAD", "x"), (target.Uri.AbsoluteUri, target.Host, target.Method, target.BodyContains));
        Assert.Equal([new ProbeHeader("A", "b")], target.Headers);
        Assert.Same(statuses, target.ExpectedStatus);
    }

    [Theory]
    [InlineData("http://10.0.0.1:8080/base?x=1", null, "http://10.0.0.1:8080/grpc.health.v1.Health/Check")]
    [InlineData("https://10.0.0.1/", 9443, "https://10.0.0.1:9443/grpc.health.v1.Health/Check")]
    public void Of_GrpcProbe_CallsTheHealthMethod(string address, int? port, string expected)
    {
        var target = Of<GrpcProbeTarget>(address, new GrpcProbeDefinition { Port = port, Service = "shop.Cart" });
        Assert.Equal((expected, "app", "shop.Cart"), (target.Uri.AbsoluteUri, target.Host, target.Service));
    }

    [Theory]
    [InlineData("http://10.0.0.1:6379/", null, "10.0.0.1", 6379)]
    [InlineData("http://redis.test/", null, "redis.test", 80)]
    [InlineData("https://[::1]/", 5432, "::1", 5432)]
    public void Of_TcpAndScriptProbes_ConnectToTheHealthAddress(string address, int? port, string host, int expected)
    {
        var tcp = Of<TcpProbeTarget>(address, new TcpProbeDefinition { Port = port });
        Assert.Equal((host, expected), (tcp.Host, tcp.Port));
        var script = Of<ScriptProbeTarget>(address, new ScriptProbeDefinition { Port = port, Steps = [new ScriptStep(ScriptStepKind.Expect, "+")] });
        Assert.Equal((host, expected), (script.Host, script.Port));
    }

    [Fact]
    public void Of_SettingsWithADeepCheck_PlanHasBoth()
    {
        var backend = Backend("http://10.0.0.1/");
        var plan = ProbePlan.Of(backend, new ActiveHealthDefinition
        {
            Probe = new TcpProbeDefinition(),
            Deep = new DeepCheckDefinition { Timeout = TimeSpan.FromSeconds(7), Probe = new HttpProbeDefinition { Path = "/deep" } },
        });
        Assert.IsType<TcpProbeTarget>(plan.Target);
        Assert.Equal(TimeSpan.FromSeconds(7), plan.Deep!.Timeout);
        Assert.Equal("/deep", Assert.IsType<HttpProbeTarget>(plan.Deep).Uri.AbsolutePath);
        Assert.Null(ProbePlan.Of(backend, new ActiveHealthDefinition()).Deep);
    }

    private static T Of<T>(string address, ProbeDefinition probe)
        where T : ProbeTarget => Assert.IsType<T>(ProbeTarget.Of(Backend(address), probe, Limit));

    private static BackendDefinition Backend(string health) =>
        new("a", new Uri("http://traffic/"), new Uri(health), "app", 1, 1, BackendKey.Of("pool", "a", 1));
}
