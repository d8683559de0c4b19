using System.Globalization;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Balancing;

/// <summary>Every policy, by its name in the configuration, through two front-end processes: one cluster, one pool and one route for each.</summary>
public sealed class PolicyTests(PolicyCluster cluster) : IClassFixture<PolicyCluster>
{
    private const int Requests = 280;
    private const int AtATime = 14;

    private static readonly double[] ByWeight = [5 / 7.0, 1 / 7.0, 1 / 7.0];
    private static readonly double[] Alike = [1 / 3.0, 1 / 3.0, 1 / 3.0];

    [Theory]
    [InlineData("RoundRobin")]
    [InlineData("WeightedRoundRobin")]
    public async Task Turns_BothFrontends_AreExactByWeight(string policy)
    {
        var counts = await Count(policy);

        // Each front-end takes whole rounds of 7 turns or, where weights do not count, nearly so of 3.
        var expected = policy == "RoundRobin" ? Alike : ByWeight;
        Assert.All(cluster.Names.Zip(expected), share => Assert.InRange(counts.GetValueOrDefault(share.First), (Requests * share.Second) - 2, (Requests * share.Second) + 2));
    }

    [Theory]
    [InlineData("Random", false)]
    [InlineData("WeightedRandom", true)]
    public async Task Draws_BothFrontends_GiveEachBackendItsShare(string policy, bool byWeight) =>
        AssertShares(await Count(policy), byWeight ? ByWeight : Alike);

    // What goes by load shows only under load: of twice seven requests at a time the first backend should have twice five.
    [Theory]
    [InlineData("ClusterLeastRequests")]
    [InlineData("ClusterPowerOfTwoChoices")]
    public async Task Loads_BothFrontends_GiveEachBackendItsShare(string policy) =>
        AssertShares(await CountUnderLoad(policy, "delay/40"), ByWeight);

    // One answer that a busy machine delays counts as a slow backend for some seconds.
    [Fact]
    public async Task LeastResponseTime_BothFrontends_ComesToTheSharesOfEquallyQuickBackends() =>
        await Eventually.Holds("shares are by weight", TimeSpan.FromSeconds(60), async () =>
        {
            var counts = await CountUnderLoad("LeastResponseTime", "delay/40");
            TestContext.Current.SendDiagnosticMessage($"LeastResponseTime: {Said(counts)}");
            return AreNear(counts, ByWeight);
        });

    // Equally quick, backends are drawn by weight, but of those that are not busier than most the one with less to do responds first: shares lie between.
    [Fact]
    public async Task HotCold_BothFrontends_HeavyBackendGetsMoreAndNobodyIsLeftOut()
    {
        var counts = await CountUnderLoad("HotCold", "delay/40");

        TestContext.Current.SendDiagnosticMessage($"HotCold: {Said(counts)}");
        Assert.InRange(counts["b1"], Requests / 3, Requests * 5 / 6);
        Assert.All(cluster.Names, name => Assert.InRange(counts[name], Requests / 20, Requests));
    }

    [Fact]
    public async Task BoundedLoadHash_OneKeyHasAllTheLoad_OverflowsFromItsBackendAtBothFrontends()
    {
        var (key, home) = await KeyOfASmallBackend();

        var counts = await CountUnderLoad("BoundedLoadHash", key);

        // A seventh of the weight may have 3 of 14 in flight; what one front-end does not know yet of the other comes on top. Without a bound it would have all.
        Assert.InRange(counts[home], 1, Requests / 2);
    }

    [Fact]
    public async Task ResourceBased_BothFrontends_ComeToTheSharesThatTheBackendsReport()
    {
        // Each front-end has to hear from the backends for a while, and works weights out once a second. A third each is far from five parts of seven.
        await Eventually.Holds("each front-end goes by the reports", TimeSpan.FromSeconds(30), async () =>
            AreNear(await CountAt("ResourceBased", 0), ByWeight) && AreNear(await CountAt("ResourceBased", 1), ByWeight));

        AssertShares(await Count("ResourceBased"), ByWeight);
    }

    [Theory]
    [InlineData("IpHash")]
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

        AssertShares(chosen.Values.CountBy(static backend => backend).ToDictionary(), ByWeight);
    }

    [Theory]
    [InlineData("Tiered", "b1")]
    [InlineData("Zoned", "b3")]
    [InlineData("Subset", "b2")]
    public async Task Parts_BothFrontends_OnlyTheWantedBackendAnswers(string pool, string wanted) =>
        Assert.Equal([wanted], (await Count(pool)).Keys);

    private async Task<(string Key, string Home)> KeyOfASmallBackend()
    {
        for (var delay = 40; ; delay++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"delay/{delay}");
            if (await cluster.Ask("BoundedLoadHash", 0, key) is not "b1" and var home)
                return (key, home);
        }
    }

    private async Task<Dictionary<string, int>> CountUnderLoad(string policy, string key)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(number => AskInTurn(policy, number % 2, key)));
        return answers.SelectMany(static each => each).CountBy(static backend => backend).ToDictionary();
    }

    private async Task<List<string>> AskInTurn(string policy, int frontend, string key)
    {
        var answers = new List<string>();
        while (answers.Count < Requests / AtATime)
            answers.Add(await cluster.Ask(policy, frontend, key));
        return answers;
    }

    private string Said(Dictionary<string, int> counts) => string.Join(", ", cluster.Names.Select(name => $"{name} {counts.GetValueOrDefault(name)}"));

    private void AssertShares(Dictionary<string, int> counts, double[] expected)
    {
        var said = Said(counts);
        TestContext.Current.SendDiagnosticMessage($"{TestContext.Current.Test!.TestDisplayName.Split('.')[^1]}: {said}");
        Assert.True(AreNear(counts, expected), $"{said}, where shares of {string.Join(", ", expected.Select(static share => share.ToString("F3", CultureInfo.InvariantCulture)))} are due.");
    }

    /// <summary>Within four standard deviations of as many independent draws.</summary>
    private bool AreNear(Dictionary<string, int> counts, double[] expected)
    {
        var all = (double)counts.Values.Sum();
        return cluster.Names.Zip(expected).All(share =>
            Math.Abs((counts.GetValueOrDefault(share.First) / all) - share.Second) <= 4 * Math.Sqrt(share.Second * (1 - share.Second) / all));
    }

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
