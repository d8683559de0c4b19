using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Health;
using OrleansLb.Probes;
using OrleansLb.Probes.Grpc;
using OrleansLb.Probes.Http;
using OrleansLb.Probes.Scripts;

namespace OrleansLb.Grains.Tests.Health;

public sealed class ProbeMappingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    public static TheoryData<ProbeDefinition> Probes =>
    [
        new HttpProbeDefinition(),
        Full(),
        new TcpProbeDefinition { Port = 6379 },
        new GrpcProbeDefinition(),
        new GrpcProbeDefinition { Service = "a.B", Host = "h", Headers = [new ProbeHeader("a", "b")] },
        new ScriptProbeDefinition { Steps = [new ScriptStep(ScriptStepKind.Send, "\\0"), new ScriptStep(ScriptStepKind.Expect, "+"), new ScriptStep(ScriptStepKind.ExpectRegex, "^a")] },
    ];

    [Theory]
    [MemberData(nameof(Probes))]
    public void ToModel_WhatWasSent_IsTheSameProbe(ProbeDefinition probe)
    {
        foreach (var address in (string[])["http://10.0.0.1:8080/base", "https://[::1]:8443/", "http://name.test/"])
        {
            var target = Target(probe, address);
            var sent = target.ToWire();
            Assert.Equal(Comparable(target), Comparable(sent.ToModel()));
            Assert.Equal(sent, sent.ToModel().ToWire());
            Assert.Equal(probe is HttpProbeDefinition, sent.Uri.Scheme is "http" or "https");
        }
    }

    [Fact]
    public void Equals_SameContentInOtherLists_IsEqual()
    {
        Assert.Equal(Target(Full()).ToWire(), Target(Full()).ToWire());
        Assert.Equal(Target(Full()).ToWire().GetHashCode(), Target(Full()).ToWire().GetHashCode());
        Assert.Equal(Script("a"), Script("a"));
        Assert.NotEqual(Script("a"), Script("b"));
        Assert.NotEqual(Target(Full()).ToWire(), Target(Full() with { Headers = [new ProbeHeader("A", "c")] }).ToWire());
        Assert.NotEqual(Target(Full()).ToWire(), Target(Full() with { BodyContains = null }).ToWire());
    }

    [Fact]
    public void ToModel_RequestOfASiloThatKnowsHttpOnly_IsItsProbe() =>
        Assert.Equal(
            new HttpProbeTarget(new Uri("http://10.0.0.1/health"), "h", Limit),
            new ProbeRequest(new Uri("http://10.0.0.1/health"), "h", Limit).ToModel());

    [Fact]
    public void ToModel_TypeOfANewerSilo_IsNotSupported() =>
        Assert.Throws<NotSupportedException>(() => new ProbeRequest(new Uri("http://10.0.0.1/"), null, Limit) { Type = (WireProbeType)99 }.ToModel());

    [Fact]
    public void ToPlan_AssignmentOfAnOlderPool_HasTheDefaults()
    {
        var probe = new ProbeRequest(new Uri("http://10.0.0.1/"), null, Limit);
        var plan = new MonitorAssignment("p", "b", 1, probe, TimeSpan.FromSeconds(5), 3, 2, default).ToPlan();
        Assert.Equal(new ActiveHealthDefinition(), plan.Settings);
        Assert.Null(plan.Deep);
    }

    [Fact]
    public void Assignment_AllSettings_ArriveInThePlan()
    {
        var settings = new ActiveHealthDefinition
        {
            Interval = TimeSpan.FromSeconds(7),
            FastInterval = TimeSpan.FromSeconds(0.25),
            JitterPercent = 0,
            Timeout = Limit,
            UnhealthyThreshold = 9,
            HealthyThreshold = 8,
            Tls = new ProbeTlsDefinition("internal", null),
            Deep = new DeepCheckDefinition { Interval = TimeSpan.FromSeconds(6), Timeout = TimeSpan.FromSeconds(4), UnhealthyThreshold = 5, HealthyThreshold = 7 },
        };
        var pool = new PoolDefinition { Id = "pool", Backends = [], ActiveHealth = settings };
        var plan = HealthMapping.Assignment(pool, settings, Backend("https://10.0.0.1/"), HealthVerdict.Unproven).ToPlan();
        // How backends are met is with what is asked of them.
        Assert.Equal(settings with { Tls = null }, plan.Settings);
        Assert.Equal(settings.Tls, Assert.IsType<HttpProbeTarget>(plan.Target).Tls);
        Assert.Equal(settings.Tls, Assert.IsType<HttpProbeTarget>(plan.Deep).Tls);
        Assert.Equal(TimeSpan.FromSeconds(4), plan.Deep!.Timeout);
    }

    [Fact]
    public void Verdict_WhatWasSent_IsTheSameVerdict()
    {
        var verdict = HealthVerdict.Unproven with { FailsDeepCheck = true };
        Assert.Equal(verdict, verdict.ToWire().ToModel());
    }

    /// <summary>What a target says, its lists by their content.</summary>
    private static object Comparable(ProbeTarget target) => target switch
    {
        HttpProbeTarget http => (http with { Headers = [] }, string.Join(',', http.Headers)),
        GrpcProbeTarget grpc => (grpc with { Headers = [] }, string.Join(',', grpc.Headers)),
        ScriptProbeTarget script => (script.Host, script.Port, script.Timeout, string.Join(',', script.Steps)),
        _ => target,
    };

    private static ProbeRequest Script(string text) => Target(new ScriptProbeDefinition { Steps = [new ScriptStep(ScriptStepKind.Send, text)] }).ToWire();

    private static HttpProbeDefinition Full()
    {
        Assert.True(HttpStatusSet.TryParse("200,401", out var statuses));
        return new HttpProbeDefinition { Method = "HEAD", Path = "/p", Query = "?q=1", Host = "h", Headers = [new ProbeHeader("A", "b")], ExpectedStatus = statuses, BodyContains = "x", Port = 9 };
    }

    private static ProbeTarget Target(ProbeDefinition probe, string address = "http://10.0.0.1:8080/") => ProbeTarget.Of(Backend(address), probe, Limit, new ProbeTlsDefinition("internal", "app.test"));

    private static BackendDefinition Backend(string address) =>
        new("a", new Uri(address), new Uri(address), null, 1, 1, BackendKey.Of("pool", "a", 1));
}
