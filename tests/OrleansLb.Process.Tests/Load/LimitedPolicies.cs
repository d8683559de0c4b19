using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>Every algorithm in both modes, each below a path of its own, five permits a second each; counters twenty.</summary>
internal static class LimitedPolicies
{
    public const string Header = "X-Key";

    /// <summary>
    /// Windows that a run is a multiple of, with enough permits that one in the hand of a front-end that is seldom asked is little of them. A counter gives whole
    /// permits, so of L it admits L - 1 in a window, and as many as front-ends have left at its end are lost. A front-end that vanishes takes its share of a window with it, which is little of a
    /// run if windows are short.
    /// </summary>
    public static readonly IReadOnlyList<LimitedPolicy> All =
    [
        .. ((string[])["Exact", "Leased"]).SelectMany(static mode => (LimitedPolicy[])
        [
            new("TokenBucket", mode, 10, TimeSpan.FromSeconds(2)),
            new("LeakyBucket", mode, 10, TimeSpan.FromSeconds(2)),
            new("FixedWindow", mode, 15, TimeSpan.FromSeconds(3)),
            new("SlidingWindowLog", mode, 25, TimeSpan.FromSeconds(5)),
            new("SlidingWindowCounter", mode, 100, TimeSpan.FromSeconds(5)),
        ]),
    ];

    public static void AddTo(JsonObject configuration)
    {
        var policies = new JsonObject();
        var routes = configuration["ReverseProxy"]!["Routes"]!;
        foreach (var policy in All)
        {
            policies[policy.Name] = policy.ToJson();
            routes[policy.Name] = routes["app"]!.DeepClone();
            routes[policy.Name]!["Match"]!["Path"] = $"/{policy.Name}";
            routes[policy.Name]!["RateLimiterPolicy"] = policy.Name;
        }

        configuration["OrleansLb"] = new JsonObject { ["RateLimiting"] = new JsonObject { ["Policies"] = policies } };
    }

    /// <summary>A load for one key of every policy, ten times what each may have: 80 % of it at the first front-end, 15 % at the second, 5 % at the third.</summary>
    public static OpenLoopLoad Load(IReadOnlyList<FrontendProcess> frontends)
    {
        var turns = Enumerable.Range(0, 20).Select(turn => frontends[turn == 13 ? 2 : turn % 7 == 3 ? 1 : 0]);
        var asked = All.SelectMany(static policy => Enumerable.Repeat(policy, (int)(policy.Rate / All.Min(static least => least.Rate)))).ToList();
        var targets = turns.SelectMany(frontend => asked.Select(policy => new Uri(frontend.Address, policy.Name)));
        return new OpenLoopLoad(10 * All.Sum(static policy => policy.Rate), targets, static request => request.Headers.Add(Header, "one"));
    }

    /// <summary>What was admitted, by the policy's name.</summary>
    public static ILookup<string, RequestOutcome> Admitted(IEnumerable<RequestOutcome> outcomes) =>
        outcomes.Where(static outcome => outcome.Status == 200).ToLookup(NameOf);

    public static string NameOf(RequestOutcome outcome) => outcome.Target.AbsolutePath[1..];
}
