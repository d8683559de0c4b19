using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>Three limits that differ in what a front-end does that cannot reach the cluster, twice what each may admit, through all front-ends alike.</summary>
internal sealed class UnreachableLimits : IAsyncDisposable
{
    private const int Limit = 20;
    private const double Overload = 2;
    private const string Prefix = "limited-";

    // Clocks may run apart by a thousandth.
    private const double ClockTolerance = 1 + 2e-3;

    private static readonly string[] All = ["Share", "Deny", "Allow"];

    private readonly OpenLoopLoad _load;

    public UnreachableLimits(IReadOnlyCollection<FrontendProcess> frontends) =>
        _load = new OpenLoopLoad(All.Length * Limit * Overload, frontends.SelectMany(static frontend => All.Select(name => new Uri(frontend.Address, $"/{Prefix}{name}"))));

    public TimeSpan Elapsed => _load.Elapsed;

    /// <summary>Gives the pool <c>app</c> a route for each of the limits.</summary>
    public static void AddTo(JsonObject configuration)
    {
        var (routes, policies) = (configuration["ReverseProxy"]!["Routes"]!, new JsonObject());
        foreach (var name in All)
        {
            routes[name] = new JsonObject { ["ClusterId"] = "app", ["RateLimiterPolicy"] = name, ["Match"] = new JsonObject { ["Path"] = $"/{Prefix}{name}" } };
            policies[name] = new JsonObject
            {
                ["Algorithm"] = "TokenBucket",
                ["TokenLimit"] = Limit,
                ["TokensPerPeriod"] = Limit,
                ["ReplenishmentPeriod"] = "00:00:01",
                ["Partition"] = "Global",
                ["WhenUnreachable"] = name,
            };
        }

        configuration["OrleansLb"] = new JsonObject { ["RateLimiting"] = new JsonObject { ["Policies"] = policies } };
    }

    /// <summary>A range that was never used asks every front-end what it knows before it admits anything: that is no fault's doing.</summary>
    public Task AllAreAdmitted(ProcessCluster cluster) => Eventually.Holds("every limit admits", TimeSpan.FromSeconds(30), () => Task.FromResult(
        All.All(name => _load.Outcomes.Any(outcome => outcome.Status == 200 && Is(outcome, name)))), cluster.Logs);

    /// <summary>Waits until every limit has admitted something through a front-end from now on.</summary>
    public Task GoOnAdmitting(FrontendProcess frontend, ProcessCluster cluster)
    {
        var since = Elapsed;
        return Eventually.Holds($"every limit goes on admitting through {frontend.Name}", TimeSpan.FromSeconds(30), () => Task.FromResult(
            All.All(name => At(_load.Outcomes, name, frontend, since, TimeSpan.MaxValue).Any(static outcome => outcome.Status == 200))), cluster.Logs);
    }

    /// <summary>Stops the load and returns every outcome.</summary>
    public Task<IReadOnlyList<RequestOutcome>> Stop() => _load.Stop();

    public ValueTask DisposeAsync() => _load.DisposeAsync();

    /// <summary>By how many the worst of all intervals exceeds what the limit promises.</summary>
    public static double Excess(IEnumerable<RequestOutcome> outcomes, string name) =>
        Envelope.WorstExcess(outcomes.Where(outcome => outcome.Status == 200 && Is(outcome, name)), Limit, Limit * ClockTolerance);

    /// <summary>What came of one limit's requests at one front-end that were due in a time.</summary>
    public static IReadOnlyList<RequestOutcome> At(IEnumerable<RequestOutcome> outcomes, string name, FrontendProcess frontend, TimeSpan from, TimeSpan to) =>
        [.. outcomes.Where(outcome => Is(outcome, name) && outcome.Target.Authority == frontend.Address.Authority && outcome.At >= from && outcome.At <= to)];

    private static bool Is(RequestOutcome outcome, string name) => outcome.Target.AbsolutePath.EndsWith($"{Prefix}{name}", StringComparison.Ordinal);
}
