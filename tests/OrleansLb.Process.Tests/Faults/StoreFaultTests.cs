using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>The Redis in which silos and front-ends meet stops, hangs and comes back without what it knew.</summary>
public sealed class StoreFaultTests
{
    private const string Stopped = "Redis is killed for 5 s and has its data afterwards";
    private const string Frozen = "Redis hangs for 10 s (SIGSTOP)";
    private const string Emptied = "Redis is killed and comes back empty";
    private const string Membership = "orleanslb/members/orleanslb";
    private const double RequestsPerSecond = 200;
    private const int MostRounds = 3;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // Nothing that a limit needs is in Redis, but its ranges move when silos join and leave.
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(6);

    private readonly List<TimeSpan> _joined = [];
    private readonly List<TimeSpan> _givenBack = [];
    private readonly List<TimeSpan> _joinedEmptied = [];

    [Fact]
    public async Task StopFreezeAndEmptyRedis_NoRequestFails_SilosJoinAfterwards_AndFindTheWholeCluster()
    {
        await using var cluster = await ProcessCluster.Start(configure: LimitedKeys.AddTo);
        await using var load = new OpenLoopLoad(RequestsPerSecond, cluster.Frontends.Select(static frontend => new Uri(frontend.Address, "/")));
        await using var limited = new LimitedKeys(cluster);
        await limited.AllAreAdmitted();
        await PoolCounts.BecomeRight(cluster);

        var silos = cluster.Silos.Select(static silo => silo.Id).ToArray();
        for (var round = 1; round <= Math.Min(Rounds.Count(fallback: 1), MostRounds); round++)
        {
            await Stop(cluster, load);
            await Hang(cluster, load);
            await Empty(cluster, round);
        }

        var (outcomes, ofLimits) = (await load.Stop(), await limited.StopAndCheck(LongestGap));
        FaultFigures.Say("F9", "all of these", "failed requests", Seen.Failed([.. outcomes, .. ofLimits]), "0", "0");
        FaultFigures.Say("F9", "all of these", "longest time in which a limited key gets nothing", Seen.Seconds(limited.LongestGap), "-", "-");
        FaultFigures.Say("F9", Stopped, $"Redis is back until a silo that is started then has joined, longest of {_joined.Count}", Seen.Seconds(_joined.Max()), "10 s", "-");
        FaultFigures.Say("F9", Emptied, $"Redis is back until it has every silo's row again, longest of {_givenBack.Count}", Seen.Seconds(_givenBack.Max()), "30 s", "-");
        FaultFigures.Say("F9", Emptied, $"Redis is back until a silo that is started then is in one cluster with all others, longest of {_joinedEmptied.Count}", Seen.Seconds(_joinedEmptied.Max()), "30 s", "-");
        Failures.AssertNone([.. outcomes, .. ofLimits], cluster);
        Assert.Equal(silos, cluster.Silos.Select(static silo => silo.Id));
        Assert.All(cluster.Silos, static silo => Assert.False(silo.HasExited));
    }

    private async Task Stop(ProcessCluster cluster, OpenLoopLoad load)
    {
        Assert.Equal("+OK", await cluster.Redis!.Ask("SAVE"));
        await cluster.Redis.Kill();
        await Passes(load, Outage);
        Assert.True(await PoolCounts.AreRight(cluster), cluster.Logs());
        await cluster.RestartRedis();
        var back = Stopwatch.GetTimestamp();
        await JoinAndLeave(cluster, "joins-after-stop", () => _joined.Add(Stopwatch.GetElapsedTime(back)));
    }

    private static async Task Hang(ProcessCluster cluster, OpenLoopLoad load)
    {
        cluster.Redis!.Signal(PosixSignals.Stop);
        await Passes(load, Freeze);
        Assert.True(await PoolCounts.AreRight(cluster), cluster.Logs());
        cluster.Redis.Signal(PosixSignals.Continue);
    }

    private async Task Empty(ProcessCluster cluster, int round)
    {
        var version = (await cluster.GetStatus())!["version"]!.GetValue<long>();
        Assert.Equal("+OK", await cluster.Redis!.Ask("FLUSHALL"));
        Assert.Equal("+OK", await cluster.Redis.Ask("SAVE"));
        await cluster.Redis.Kill();
        await cluster.RestartRedis();
        var back = Stopwatch.GetTimestamp();
        await JoinAndLeave(cluster, "joins-after-loss", () => _joinedEmptied.Add(Stopwatch.GetElapsedTime(back)), async () =>
        {
            await Eventually.Holds("Redis has every silo's row again", Patience, async () => await Rows(cluster.Redis) >= cluster.Silos.Count, cluster.Logs);
            _givenBack.Add(Stopwatch.GetElapsedTime(back));
            await using var late = cluster.StartFrontend($"late-{round}");
            await Eventually.Holds("a front-end that never knew a silo serves", Patience, async () => await cluster.TryGet(late.Address) is not null, () => late.Output + cluster.Logs());
        });

        // What was stored is gone with the rows, and still nothing goes back.
        cluster.WriteConfiguration(configuration =>
        {
            LimitedKeys.AddTo(configuration);
            configuration["ReverseProxy"]!["Routes"]![$"extra-{round}"] = new JsonObject { ["ClusterId"] = "app", ["Match"] = new JsonObject { ["Path"] = $"/extra-{round}" } };
        });
        await Eventually.Holds("a newer configuration is served everywhere", Patience, async () =>
            await cluster.GetStatus() is { } status && cluster.Frontends.TrueForAll(frontend => VersionAt(status, frontend) > version), cluster.Logs);
        await PoolCounts.BecomeRight(cluster);
    }

    /// <summary>Starts a silo, waits until it and all others see one cluster, and lets it go again.</summary>
    private static async Task JoinAndLeave(ProcessCluster cluster, string name, Action joined, Func<Task>? meanwhile = null)
    {
        await using var joining = cluster.StartSilo(name);
        if (meanwhile is not null)
            await meanwhile();
        SiloProcess[] all = [.. cluster.Silos, joining];
        await Eventually.Holds($"{all.Length} silos see each other", Patience, async () =>
        {
            foreach (var silo in all)
            {
                if (await cluster.TryGet(new Uri(silo.Status, "/api/v1/status")) is not { } text || JsonNode.Parse(text)!["silos"]!.AsArray().Count != all.Length)
                    return false;
            }

            return true;
        }, () => joining.Output + cluster.Logs());
        joined();
        joining.Signal(PosixSignals.Terminate);
        Assert.Equal(0, await joining.WaitForExit(Patience));
        await PoolCounts.BecomeRight(cluster);
    }

    private static Task<TimeSpan> Passes(OpenLoopLoad load, TimeSpan time)
    {
        var until = load.Elapsed + time;
        return Eventually.Holds($"{time} pass", time + Patience, () => Task.FromResult(load.Elapsed >= until));
    }

    // One field of the table is its version.
    private static async Task<int> Rows(RedisServer redis) => int.Parse((await redis.Ask($"HLEN {Membership}"))[1..], CultureInfo.InvariantCulture) - 1;

    private static long VersionAt(JsonNode status, FrontendProcess frontend) =>
        status["frontends"]!.AsArray().FirstOrDefault(node => node!["id"]!.GetValue<string>() == frontend.Name)?["version"]?.GetValue<long>() ?? 0;
}
