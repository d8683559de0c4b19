using System.Globalization;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Balancing;

/// <summary>Every policy, by its name in the configuration, through two front-end processes: one cluster, one pool and one route for each.</summary>
public sealed class PolicyTests(PolicyCluster cluster) : IClassFixture<PolicyCluster>
{
    private const int Requests = 280;
    private const int AtATime = 14;

    // Four standard deviations of a share of a quarter and more of that many draws.
    private const double Chance = 0.12;

    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("WeightedRoundRobin")]
    public async Task Turns_BothFrontends_AreExactByWeight(string policy)
    {
        var counts = await Count(policy);

        // Each front-end takes whole rounds of 7 turns or, where weights do not count, nearly so of 3.
        var expected = policy == "RoundRobin" ? new[] { 1 / 3.0, 1 / 3.0, 1 / 3.0 } : [5 / 7.0, 1 / 7.0, 1 / 7.0];
        Assert.All(cluster.Names.Zip(expected), share => Assert.InRange(counts.GetValueOrDefault(share.First), (Requests * share.Second) - 2, (Requests * share.Second) + 2));
    }

    [Theory]
    [InlineData("Random", false)]
    [InlineData("WeightedRandom", true)]
    public async Task Draws_BothFrontends_ReachEveryBackend(string policy, bool byWeight) =>
        AssertShares(await Count(policy), byWeight);

    // What goes by load shows only under load: of twice seven requests at a time the first backend should have twice five.
    [Theory]
    [InlineData("ClusterLeastRequests", true)]
    [InlineData("ClusterPowerOfTwoChoices", true)]
    [InlineData("LeastResponseTime", false)]
    [InlineData("HotCold", false)]
    public async Task Loads_BothFrontends_ReachEveryBackend(string policy, bool byWeight)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(number => AskInTurn(policy, number % 2)));

        AssertShares(answers.SelectMany(static each => each).CountBy(static backend => backend).ToDictionary(), byWeight);
    }

    [Fact]
    public async Task ResourceBased_BothFrontends_ComeToTheSharesThatTheBackendsReport()
    {
        // Each front-end has to hear from the backends for a while, and works weights out once a second. A third each is far from five parts of seven.
        await Eventually.Holds("each front-end goes by the reports", TimeSpan.FromSeconds(30), async () =>
            IsNear(await CountAt("ResourceBased", 0)) && IsNear(await CountAt("ResourceBased", 1)));

        AssertShares(await Count("ResourceBased"), byWeight: true);
    }

    [Theory]
    [InlineData("UrlHash")]
    [InlineData("HeaderHash")]
    [InlineData("CookieHash")]
    [InlineData("ConsistentHash")]
    [InlineData("Maglev")]
    [InlineData("Rendezvous")]
    [InlineData("BoundedLoadHash")]
    public async Task Hashes_BothFrontends_SendAKeyToOneBackendAndKeysByWeight(string policy)
    {
        var chosen = new Dictionary<string, string>();
        for (var key = 0; key < Requests / 2; key++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"key-{key}");
            chosen[name] = await cluster.Ask(policy, 0, name);
            Assert.Equal(chosen[name], await cluster.Ask(policy, 1, name));
        }

        Assert.InRange(chosen.Values.Count(static backend => backend == "b1") / (double)chosen.Count, (5 / 7.0) - Chance, (5 / 7.0) + Chance);
        Assert.Equal(cluster.Names, chosen.Values.Distinct().Order());
    }

    [Fact]
    public async Task IpHash_OneClient_StaysOnOneBackendThroughBothFrontends() =>
        Assert.Single(await Count("IpHash"));

    private async Task<List<string>> AskInTurn(string policy, int frontend)
    {
        var answers = new List<string>();
        while (answers.Count < Requests / AtATime)
            answers.Add(await cluster.Ask(policy, frontend, "delay/40"));
        return answers;
    }

    private void AssertShares(Dictionary<string, int> counts, bool byWeight)
    {
        Assert.Equal(cluster.Names, counts.Keys.Order());
        if (byWeight)
            Assert.InRange(counts["b1"] / (double)Requests, (5 / 7.0) - Chance, (5 / 7.0) + Chance);
    }

    private static bool IsNear(Dictionary<string, int> counts) =>
        counts.GetValueOrDefault("b1") / (double)counts.Values.Sum() is > (5 / 7.0) - Chance and < (5 / 7.0) + Chance;

    private Task<Dictionary<string, int>> Count(string policy) => Count(policy, static number => number % 2);

    private Task<Dictionary<string, int>> CountAt(string policy, int frontend) => Count(policy, _ => frontend);

    private async Task<Dictionary<string, int>> Count(string policy, Func<int, int> frontend)
    {
        var counts = new Dictionary<string, int>();
        for (var number = 0; number < Requests; number++)
        {
            var backend = await cluster.Ask(policy, frontend(number), string.Create(CultureInfo.InvariantCulture, $"key-{number}"));
            counts[backend] = counts.GetValueOrDefault(backend) + 1;
        }

        return counts;
    }
}
