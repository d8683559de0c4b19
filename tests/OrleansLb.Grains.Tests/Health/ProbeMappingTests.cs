using OrleansLb.Contracts.Health;
using OrleansLb.Core;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Grains.Health;
using OrleansLb.Probes;
using OrleansLb.Probes.Http;

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
            var sent = Target(probe, address).ToWire();
            Assert.Equal(sent, sent.ToModel().ToWire());
            Assert.Equal(probe.Type, sent.ToModel().Type);
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
            Deep = new DeepCheckDefinition { Interval = TimeSpan.FromSeconds(6), Timeout = TimeSpan.FromSeconds(4), UnhealthyThreshold = 5, HealthyThreshold = 7 },
        };
        var pool = new PoolDefinition { Id = "pool", Backends = [], ActiveHealth = settings };
        var plan = HealthMapping.Assignment(pool, settings, Backend("http://10.0.0.1/"), HealthVerdict.Unproven).ToPlan();
        Assert.Equal(settings, plan.Settings);
        Assert.Equal(TimeSpan.FromSeconds(4), plan.Deep!.Timeout);
    }

    [Fact]
    public void Verdict_WhatWasSent_IsTheSameVerdict()
    {
        var verdict = HealthVerdict.Unproven with { FailsDeepCheck = true };
        Assert.Equal(verdict, verdict.ToWire().ToModel());
    }

    private static ProbeRequest Script(string text) => Target(new ScriptProbeDefinition { Steps = [new ScriptStep(ScriptStepKind.Send, text)] }).ToWire();

    private static HttpProbeDefinition Full()
    {
        Assert.True(HttpStatusSet.TryParse("200,401", out var statuses));
        return new HttpProbeDefinition { Method = "HEAD", Path = "/p", Query = "?q=1", Host = "h", Headers = [new ProbeHeader("A", "b")], ExpectedStatus = statuses, BodyContains = "x", Port = 9 };
    }

    private static ProbeTarget Target(ProbeDefinition probe, string address = "http://10.0.0.1:8080/") => ProbeTarget.Of(Backend(address), probe, Limit);

    private static BackendDefinition Backend(string address) =>
        new("a", new Uri(address), new Uri(address), null, 1, 1, BackendKey.Of("pool", "a", 1));
}
