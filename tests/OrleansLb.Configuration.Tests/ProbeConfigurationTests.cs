using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class ProbeConfigurationTests
{
    [Fact]
    public void Compile_NoKeysOfOurs_ProbesByHttpAsYarpWould()
    {
        var health = Health("");
        Assert.Equal(new ActiveHealthDefinition { Probe = new HttpProbeDefinition { Path = "/health", Query = "?full=1" } }, health);
    }

    [Fact]
    public void Compile_HttpKeys_BecomeTheProbe()
    {
        var probe = Assert.IsType<HttpProbeDefinition>(Health("""
            "Type": "http", "Method": "post", "Host": "probe.test:8080", "Port": 9090, "ExpectedStatus": "200-299,401", "BodyContains": "ready",
            "Headers": { "Authorization": "Bearer x", "X-Probe": "" }
            """).Probe);
        Assert.True(HttpStatusSet.TryParse("200-299,401", out var statuses));
        Assert.Equal(
            new HttpProbeDefinition { Method = "POST", Path = "/health", Query = "?full=1", Host = "probe.test:8080", Port = 9090, ExpectedStatus = statuses, BodyContains = "ready" },
            probe with { Headers = [] });
        Assert.Equal([new ProbeHeader("Authorization", "Bearer x"), new ProbeHeader("X-Probe", "")], probe.Headers);
    }

    [Fact]
    public void Compile_TcpKeys_BecomeTheProbe() =>
        Assert.Equal(new TcpProbeDefinition { Port = 6379 }, Health("""  "Type": "Tcp", "Port": 6379  """, "").Probe);

    [Fact]
    public void Compile_GrpcKeys_BecomeTheProbe()
    {
        var probe = Assert.IsType<GrpcProbeDefinition>(Health("""  "Type": "Grpc", "Service": "shop.Cart", "Host": "[::1]:50051", "Headers": { "X-Key": "a" }  """, "").Probe);
        Assert.Equal(new GrpcProbeDefinition { Service = "shop.Cart", Host = "[::1]:50051" }, probe with { Headers = [] });
        Assert.Equal([new ProbeHeader("X-Key", "a")], probe.Headers);
    }

    [Fact]
    public void Compile_ScriptSteps_KeepTheirOrder()
    {
        var steps = string.Join(',', Enumerable.Range(0, 12).Select(static i => $$"""{ "Send": "{{i}}\\r\\n" }"""));
        var probe = Assert.IsType<ScriptProbeDefinition>(Health($$"""
            "Type": "Script", "Script": [ { "Expect": "220" }, { "ExpectRegex": "^[ -].*\r\n" }, {{steps}} ]
            """, "").Probe);
        Assert.Equal(
            [
                new ScriptStep(ScriptStepKind.Expect, "220"),
                new ScriptStep(ScriptStepKind.ExpectRegex, "^[ -].*\r\n"),
                .. Enumerable.Range(0, 12).Select(static i => new ScriptStep(ScriptStepKind.Send, $"{i}\\r\\n")),
            ],
            probe.Steps);
    }

    [Fact]
    public void Compile_Pace_BecomesTheSettings()
    {
        var health = Health("""  "InitialState": "unhealthy", "JitterPercent": 0, "FastInterval": "00:00:00.100"  """);
        Assert.Equal((InitialHealth.Unhealthy, 0, TimeSpan.FromMilliseconds(100)), (health.InitialState, health.JitterPercent, health.FastInterval));
    }

    [Fact]
    public void Compile_DeepKeys_BecomeTheDeepCheck()
    {
        var deep = Health("""
            "Deep": { "Path": "/deep", "Query": "?db=1", "Interval": "00:00:30", "Timeout": "00:00:05", "UnhealthyThreshold": 2, "HealthyThreshold": 1, "ExpectedStatus": "200" }
            """).Deep;
        Assert.True(HttpStatusSet.TryParse("200", out var statuses));
        Assert.Equal(
            new DeepCheckDefinition
            {
                Interval = TimeSpan.FromSeconds(30),
                Timeout = TimeSpan.FromSeconds(5),
                UnhealthyThreshold = 2,
                HealthyThreshold = 1,
                Probe = new HttpProbeDefinition { Path = "/deep", Query = "?db=1", ExpectedStatus = statuses },
            },
            deep);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    public void Compile_DeepWithoutAnyKey_IsNone(string deep) => Assert.Null(Health($""" "Deep": {deep} """).Deep);

    [Fact]
    public void Compile_DeepCheckBesideATcpProbe_HasDefaultsOfItsOwn()
    {
        var health = Health("""  "Type": "Tcp", "Deep": { "Type": "Grpc", "Service": "deep", "Port": 9090 }  """, "");
        Assert.IsType<TcpProbeDefinition>(health.Probe);
        Assert.Equal(new DeepCheckDefinition { Probe = new GrpcProbeDefinition { Service = "deep", Port = 9090 } }, health.Deep);
    }

    private static ActiveHealthDefinition Health(string ours, string path = """, "Path": "/health", "Query": "?full=1" """)
    {
        var result = TestDocuments.Compile(TestDocuments.OfJson($$"""
            { "ReverseProxy": { "Clusters": { "app": {
              "HealthCheck": { "Active": { "Enabled": true, "Policy": "ClusterConsecutiveFailures" {{path}} } },
              "OrleansLb": { "HealthCheck": { {{ours}} } },
              "Destinations": { "a": { "Address": "http://10.0.0.1:8080/" } } } } } }
            """));
        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        return result.Configuration!.Snapshot.Pools["app"].ActiveHealth!;
    }
}
