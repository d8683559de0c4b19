using System.Text.Json.Nodes;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>Twice the load that some keys may have, through all front-ends alike, and what must be true of it whatever dies meanwhile.</summary>
internal sealed class LimitedKeys : IAsyncDisposable
{
    private const int Keys = 8;
    private const int KeyLimit = 20;

    // Clocks may run apart by a thousandth, and 95 % of a limit is used.
    private const double ClockTolerance = 1 + 2e-3;
    private const double UseTolerance = 0.05;

    // Undisturbed, a key is admitted through each front-end several times in this time.
    private static readonly TimeSpan Outage = TimeSpan.FromMilliseconds(500);

    private readonly ProcessCluster _cluster;
    private readonly OpenLoopLoad _load;

    public LimitedKeys(ProcessCluster cluster)
    {
        _cluster = cluster;
        _load = new OpenLoopLoad(
            Keys * KeyLimit * 2,
            from key in Enumerable.Range(0, Keys) from frontend in cluster.Frontends select new Uri(frontend.Address, $"/limited/{key}"),
            static request => request.Headers.Add("X-Key", request.RequestUri!.Segments[^1]));
    }

    public TimeSpan Elapsed => _load.Elapsed;

    /// <summary>The longest time in which a key got nothing, once that has been checked.</summary>
    public TimeSpan LongestGap { get; private set; }

    /// <summary>By how many permits the worst key exceeded its envelope, once that has been checked; zero or less when none did.</summary>
    public double WorstExcess { get; private set; } = double.NegativeInfinity;

    /// <summary>Gives the pool <c>app</c> a second route, whose limit counts by a header.</summary>
    public static void AddTo(JsonObject configuration)
    {
        configuration["ReverseProxy"]!["Routes"]!["limited"] = new JsonObject
        {
            ["ClusterId"] = "app",
            ["RateLimiterPolicy"] = "limit",
            ["Match"] = new JsonObject { ["Path"] = "/limited/{**rest}" },
        };
        var policy = new JsonObject
        {
            ["Algorithm"] = "TokenBucket",
            ["TokenLimit"] = KeyLimit,
            ["TokensPerPeriod"] = KeyLimit,
            ["ReplenishmentPeriod"] = "00:00:01",
            ["Partition"] = "Header",
            ["PartitionHeader"] = "X-Key",
        };
        configuration["OrleansLb"] = new JsonObject { ["RateLimiting"] = new JsonObject { ["Policies"] = new JsonObject { ["limit"] = policy } } };
    }

    /// <summary>A range that was never used asks every front-end what it knows before it admits anything: that is no fault's doing.</summary>
    public Task AllAreAdmitted() => Eventually.Holds(
        "every key is admitted", TimeSpan.FromSeconds(30), () => Task.FromResult(Admitted(_load.Outcomes).Count() == Keys), _cluster.Logs);

    /// <summary>Stops the load, holds what the front-ends counted and what each key got against what is promised, and returns every outcome.</summary>
    /// <param name="longestGap">The longest time that a key may be without an admission.</param>
    public async Task<IReadOnlyList<RequestOutcome>> StopAndCheck(TimeSpan longestGap)
    {
        var outcomes = await _load.Stop();
        await AssertRefusalsAreCounted(outcomes);
        foreach (var key in Admitted(outcomes))
            AssertGotItsPart(key.Key, [.. key], outcomes.Max(static outcome => outcome.At), longestGap);
        return outcomes;
    }

    public ValueTask DisposeAsync() => _load.DisposeAsync();

    /// <summary>Clients saw a 429 for each refusal that a front-end counted, by its kind: for the limit's sake or because nobody could decide.</summary>
    private async Task AssertRefusalsAreCounted(IReadOnlyList<RequestOutcome> outcomes)
    {
        var decisions = await LimitDecisions.Of(_cluster);
        var refused = outcomes.Count(static outcome => outcome.Status == 429);
        TestContext.Current.SendDiagnosticMessage($"{refused} of {outcomes.Count} limited requests got 429; {decisions}");
        Assert.True(refused == decisions.Refused, $"Clients got 429 {refused} times; {decisions}.");
    }

    /// <summary>
    /// A key never gets more than its envelope. What it does not get was lost while nobody could decide: at each front-end its part of the rate
    /// meanwhile, and its part of a full bucket at most, because who takes over begins with an empty one.
    /// </summary>
    private void AssertGotItsPart(string key, List<RequestOutcome> admitted, TimeSpan to, TimeSpan longestGap)
    {
        var from = admitted.Min(static outcome => outcome.At);
        var (due, excess) = (KeyLimit * (to - from).TotalSeconds, Envelope.WorstExcess(admitted, KeyLimit, KeyLimit * ClockTolerance));
        var longest = Envelope.Gaps(admitted, from, to).Max();
        var outages = admitted.GroupBy(static outcome => outcome.Target.Authority)
            .SelectMany(atFrontend => Envelope.Gaps(atFrontend, from, to).Where(static gap => gap > Outage));
        var (lost, mayLose) = (due - admitted.Count, outages.Sum(static gap => KeyLimit * (1 + gap.TotalSeconds)) / _cluster.Frontends.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"key {key}: {admitted.Count} admitted of {due:F0}, worst excess {excess:F2}, longest gap {longest.TotalMilliseconds:F0} ms, {lost:F0} lost of {mayLose:F0} that its outages may lose");
        LongestGap = longest > LongestGap ? longest : LongestGap;
        WorstExcess = Math.Max(WorstExcess, excess);
        Assert.True(excess <= 0, $"Key {key} got {excess} more than its envelope. In each second of the load: {EachSecond(admitted)}.");
        Assert.True(longest <= longestGap, $"Key {key} got nothing for {longest}.");
        Assert.True(lost <= mayLose + (UseTolerance * due), $"Key {key} lost {lost} of {due}, but its outages only allow for {mayLose}.");
    }

    private static string EachSecond(IEnumerable<RequestOutcome> admitted) => string.Join(
        ' ', admitted.GroupBy(static outcome => (int)outcome.AnsweredAt.TotalSeconds).OrderBy(static second => second.Key).Select(static second => $"{second.Key}:{second.Count()}"));

    private static IEnumerable<IGrouping<string, RequestOutcome>> Admitted(IEnumerable<RequestOutcome> outcomes) =>
        outcomes.Where(static outcome => outcome.Status == 200).GroupBy(static outcome => outcome.Target.Segments[^1]);
}
