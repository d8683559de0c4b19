using System.Collections.Immutable;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes.Scripts;
using OrleansLb.Probes.Tests.Servers;

namespace OrleansLb.Probes.Tests.Scripts;

public sealed class RealRedisTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_PingOfARealRedis_SucceedsUntilItIsGone()
    {
        using var prober = new Prober(TimeProvider.System);
        var redis = await RedisServer.Start(Cancelled);
        var ping = To(redis, new ScriptStep(ScriptStepKind.Send, "PING\\r\\n"), new ScriptStep(ScriptStepKind.Expect, "+PONG\\r\\n"));
        Assert.Equal(ProbeOutcomeKind.Success, (await prober.Run(ping, Cancelled)).Kind);
        await redis.DisposeAsync();
        Assert.Equal(ProbeOutcomeKind.Refused, (await prober.Run(ping, Cancelled)).Kind);
    }

    [Fact]
    public async Task Run_RoleOfARealRedis_IsFoundByARegularExpression()
    {
        using var prober = new Prober(TimeProvider.System);
        await using var redis = await RedisServer.Start(Cancelled);
        var role = new ScriptStep(ScriptStepKind.Send, "INFO replication\\r\\n");
        var leave = new ScriptStep(ScriptStepKind.Send, "QUIT\\r\\n");
        var master = To(redis, role, new ScriptStep(ScriptStepKind.ExpectRegex, "role:master\r\n(.|\n)*repl_backlog_histlen:\\d+\r\n"), leave, new ScriptStep(ScriptStepKind.Expect, "+OK"));
        Assert.Equal(ProbeOutcomeKind.Success, (await prober.Run(master, Cancelled)).Kind);
        var replica = To(redis, role, leave, new ScriptStep(ScriptStepKind.Expect, "role:slave"));
        Assert.Equal(ProbeOutcomeKind.WrongContent, (await prober.Run(replica, Cancelled)).Kind);
    }

    private static ScriptProbeTarget To(RedisServer redis, params ImmutableArray<ScriptStep> steps) => new("127.0.0.1", redis.Port, steps, TimeSpan.FromSeconds(30));
}
