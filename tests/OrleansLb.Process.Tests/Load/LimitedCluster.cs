using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>One cluster for all tests of limits that kill nothing: below <c>/POLICY</c> a route for each policy, limited by the header <c>X-Key</c>.</summary>
public sealed class LimitedCluster : IAsyncLifetime
{
    /// <summary>What every policy but the slow ones admits a second.</summary>
    public const int Limit = 100;

    /// <summary>What <see cref="SlowPolicies"/> admit in a <see cref="SlowWindow"/>.</summary>
    public const int SlowLimit = 50;

    /// <summary>The policies that are tested at once, and so with less each.</summary>
    public static readonly string[] SlowPolicies = ["FixedWindow", "SlidingWindowLog", "LeakyBucket"];

    /// <summary>The window of <see cref="SlowPolicies"/>.</summary>
    public static readonly TimeSpan SlowWindow = TimeSpan.FromSeconds(2);

    private ProcessCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await ProcessCluster.Start(configure: AddLimitedRoutes);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>Sends requests for one key to a route for each of the policies, four of five to the first front-end.</summary>
    /// <param name="policies">The policies, in turn.</param>
    /// <param name="demand">Requests a second, of all policies together.</param>
    /// <param name="run">How long, from when every policy has admitted something.</param>
    /// <returns>What was admitted by policy, and since when all of them ran.</returns>
    internal async Task<(ILookup<string, RequestOutcome> Admitted, TimeSpan Began)> Load(IReadOnlyCollection<string> policies, double demand, TimeSpan run)
    {
        var (busy, calm) = (_cluster.Frontends[0].Address, _cluster.Frontends[1].Address);
        var targets = ((Uri[])[busy, busy, calm, busy, busy]).SelectMany(frontend => policies.Select(policy => new Uri(frontend, policy)));
        await using var load = new OpenLoopLoad(demand, targets, static request => request.Headers.Add("X-Key", "one"));
        // A range that was never used asks every front-end what it knows before it admits anything; the run begins after that.
        var began = await AllAdmit(load, policies, run);
        await Eventually.Holds("the run is over", run * 3, () => Task.FromResult(load.Elapsed >= began + run));
        var outcomes = await load.Stop();

        var failed = outcomes.Where(static outcome => outcome.Failed).ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}");
        Assert.All(policies, policy => Assert.Contains(outcomes, outcome => PolicyOf(outcome) == policy && outcome.Status == 429));
        return (outcomes.Where(static outcome => outcome.Status == 200).ToLookup(PolicyOf), began);
    }

    /// <summary>When each policy has admitted something.</summary>
    private async Task<TimeSpan> AllAdmit(OpenLoopLoad load, IEnumerable<string> policies, TimeSpan limit)
    {
        var began = TimeSpan.Zero;
        foreach (var policy in policies)
        {
            IEnumerable<RequestOutcome> Admitted() => load.Outcomes.Where(outcome => outcome.Status == 200 && PolicyOf(outcome) == policy);
            await Eventually.Holds($"{policy} admits something", limit, () => Task.FromResult(Admitted().Any()), _cluster.Logs);
            var first = Admitted().Min(static outcome => outcome.At + outcome.Duration);
            began = first > began ? first : began;
        }

        return began;
    }

    private static string PolicyOf(RequestOutcome outcome) => outcome.Target.AbsolutePath[1..];

    private static void AddLimitedRoutes(JsonObject configuration)
    {
        var policies = Policies();
        var routes = configuration["ReverseProxy"]!["Routes"]!;
        foreach (var (name, policy) in policies)
        {
            policy!["Partition"] = "Header";
            policy["PartitionHeader"] = "X-Key";
            routes[name] = routes["app"]!.DeepClone();
            routes[name]!["Match"]!["Path"] = $"/{name}";
            routes[name]!["RateLimiterPolicy"] = name;
        }

        configuration["OrleansLb"] = new JsonObject { ["RateLimiting"] = new JsonObject { ["Policies"] = policies } };
    }

    private static JsonObject Policies()
    {
        var policies = new JsonObject
        {
            ["Exact"] = TokenBucket("Exact"),
            ["Leased"] = TokenBucket("Leased"),
            ["SlidingWindowCounter"] = Window("SlidingWindowCounter", Limit, TimeSpan.FromSeconds(1)),
        };
        foreach (var algorithm in SlowPolicies)
            policies[algorithm] = Window(algorithm, SlowLimit, SlowWindow);
        policies["LeakyBucket"]!["QueueLimit"] = 5;
        return policies;
    }

    private static JsonObject TokenBucket(string mode) => new()
    {
        ["Algorithm"] = "TokenBucket",
        ["TokenLimit"] = Limit,
        ["TokensPerPeriod"] = Limit,
        ["ReplenishmentPeriod"] = "00:00:01",
        ["Mode"] = mode,
    };

    private static JsonObject Window(string algorithm, int limit, TimeSpan window) => new()
    {
        ["Algorithm"] = algorithm,
        ["PermitLimit"] = limit,
        ["Window"] = window.ToString("c"),
        ["Mode"] = "Exact",
    };
}
