using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Load;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

public sealed class RateLimitTests
{
    private const double Limit = 100;
    private const double Demand = 1000;

    // Clocks may run apart by a thousandth.
    private const double Tolerance = 1 + 2e-3;

    private static readonly TimeSpan Run = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Exact")]
    [InlineData("Leased")]
    public async Task TokenBucket_TenTimesTheLimitSplitEightyTwenty_IsNeverExceededAndIsUsed(string mode)
    {
        var admitted = await Admitted(new JsonObject
        {
            ["Algorithm"] = "TokenBucket",
            ["TokenLimit"] = Limit,
            ["TokensPerPeriod"] = Limit,
            ["ReplenishmentPeriod"] = "00:00:01",
            ["Partition"] = "Header",
            ["PartitionHeader"] = "X-Key",
            ["Mode"] = mode,
        });

        var allowed = Limit + (Limit * Run.TotalSeconds);
        TestContext.Current.SendDiagnosticMessage($"{mode}: {admitted.Count} of {allowed} admitted, worst excess {Envelope.WorstExcess(admitted, Limit, Limit * Tolerance):F2}");
        Assert.True(Envelope.WorstExcess(admitted, Limit, Limit * Tolerance) <= 0, "More was admitted than B + R x.");
        Assert.True(admitted.Count >= 0.95 * allowed, $"Only {admitted.Count} of {allowed} were used.");
    }

    [Fact]
    public async Task SlidingWindowCounter_TenTimesTheLimitSplitEightyTwenty_IsNeverExceededAndIsUsed()
    {
        var admitted = await Admitted(new JsonObject
        {
            ["Algorithm"] = "SlidingWindowCounter",
            ["PermitLimit"] = Limit,
            ["Window"] = "00:00:01",
            ["Partition"] = "Header",
            ["PartitionHeader"] = "X-Key",
            ["Mode"] = "Exact",
        });

        // previous * (1 - elapsed / W) + current <= L at every admission allows 2 L in the worst interval of length W.
        var most = Envelope.MostIn(admitted, TimeSpan.FromSeconds(1));
        TestContext.Current.SendDiagnosticMessage($"SlidingWindowCounter: {admitted.Count} of {Limit * Run.TotalSeconds} admitted, at most {most} in a window");
        Assert.True(most <= 2 * Limit, $"{most} were admitted within one window.");
        Assert.InRange(admitted.Count, 0.95 * Limit * Run.TotalSeconds, Limit * (Run.TotalSeconds + 2));
    }

    [Fact]
    public async Task OtherAlgorithms_TenTimesTheLimitSplitEightyTwenty_EachKeepsItsRuleAndIsUsed()
    {
        const int limit = 50;
        var window = TimeSpan.FromSeconds(2);
        var allowed = limit * (Run / window);
        string[] algorithms = ["FixedWindow", "SlidingWindowLog", "LeakyBucket"];
        var policies = algorithms.ToDictionary(static algorithm => algorithm, static algorithm => new JsonObject
        {
            ["Algorithm"] = algorithm,
            ["PermitLimit"] = limit,
            ["Window"] = "00:00:02",
            ["Partition"] = "Header",
            ["PartitionHeader"] = "X-Key",
        });
        policies["LeakyBucket"]["QueueLimit"] = 5;
        var (outcomes, began) = await Load(policies);

        foreach (var algorithm in algorithms)
        {
            var admitted = outcomes[algorithm];
            var most = Envelope.MostIn(admitted, window / Tolerance);
            // One may have begun before another.
            var used = admitted.Count(outcome => outcome.At >= began && outcome.At < began + Run);
            TestContext.Current.SendDiagnosticMessage($"{algorithm}: {used} of {allowed} admitted, at most {most} in a window");
            // A permit of a log or a turn that a busy machine is late for never comes back: how much is used of them is said above, and held loosely.
            var least = algorithm is "SlidingWindowLog" or "LeakyBucket" ? 0.85 : 0.95;
            Assert.InRange(used, least * allowed, allowed + (2 * limit));
            // An interval of length W may lie across two windows.
            Assert.True(most <= (algorithm == "SlidingWindowLog" ? limit : 2 * limit), $"{algorithm}: {most} were admitted within one window.");
        }

        Assert.True(Envelope.WorstExcess(outcomes["LeakyBucket"], 1, limit / window.TotalSeconds * Tolerance) <= 0, "Requests left the leaky bucket sooner than a turn apart.");
    }

    private static async Task<List<RequestOutcome>> Admitted(JsonObject policy) =>
        (await Load(new Dictionary<string, JsonObject> { ["limit"] = policy })).Admitted["limit"];

    /// <summary>Sends ten times the limit to a route for each policy, and returns what was admitted by policy, and since when all of them ran.</summary>
    private static async Task<(Dictionary<string, List<RequestOutcome>> Admitted, TimeSpan Began)> Load(Dictionary<string, JsonObject> policies)
    {
        await using var cluster = await ProcessCluster.Start(configure: configuration =>
        {
            var routes = configuration["ReverseProxy"]!["Routes"]!;
            foreach (var policy in policies.Keys)
            {
                routes[policy] = routes["app"]!.DeepClone();
                routes[policy]!["Match"]!["Path"] = $"/{policy}";
                routes[policy]!["RateLimiterPolicy"] = policy;
            }

            var limits = new JsonObject(policies.Select(static policy => KeyValuePair.Create(policy.Key, (JsonNode?)policy.Value)));
            configuration["OrleansLb"] = new JsonObject { ["RateLimiting"] = new JsonObject { ["Policies"] = limits } };
        });
        var (busy, calm) = (cluster.Frontends[0].Address, cluster.Frontends[1].Address);
        var targets = ((Uri[])[busy, busy, calm, busy, busy]).SelectMany(frontend => policies.Keys.Select(policy => new Uri(frontend, policy)));
        await using var load = new OpenLoopLoad(Demand, targets, static request => request.Headers.Add("X-Key", "one"));
        // A range that was never used asks every front-end what it knows before it admits anything; the run begins after that.
        var began = await AllAdmit(load, policies.Keys, cluster);
        await Eventually.Holds("the run is over", Run * 3, () => Task.FromResult(load.Elapsed >= began + Run));
        var outcomes = await load.Stop();

        var failed = outcomes.Where(static outcome => outcome.Failed).ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}");
        var byPolicy = outcomes.ToLookup(static outcome => outcome.Target.AbsolutePath[1..]);
        Assert.All(policies.Keys, policy => Assert.Contains(byPolicy[policy], static outcome => outcome.Status == 429));
        return (policies.Keys.ToDictionary(static policy => policy, policy => byPolicy[policy].Where(static outcome => outcome.Status == 200).ToList()), began);
    }

    /// <summary>When each policy has admitted something.</summary>
    private static async Task<TimeSpan> AllAdmit(OpenLoopLoad load, IEnumerable<string> policies, ProcessCluster cluster)
    {
        var began = TimeSpan.Zero;
        foreach (var policy in policies)
        {
            IEnumerable<RequestOutcome> Admitted() => load.Outcomes.Where(outcome => outcome.Status == 200 && outcome.Target.AbsolutePath[1..] == policy);
            await Eventually.Holds($"{policy} admits something", Run, () => Task.FromResult(Admitted().Any()), cluster.Logs);
            var first = Admitted().Min(static outcome => outcome.At + outcome.Duration);
            began = first > began ? first : began;
        }

        return began;
    }
}
