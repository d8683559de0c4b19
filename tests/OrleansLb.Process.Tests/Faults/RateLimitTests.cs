using OrleansLb.Process.Tests.Load;

namespace OrleansLb.Process.Tests.Faults;

public sealed class RateLimitTests(LimitedCluster cluster) : IClassFixture<LimitedCluster>
{
    private const double Limit = LimitedCluster.Limit;

    // Clocks may run apart by a thousandth.
    private const double Tolerance = 1 + 2e-3;

    private static readonly TimeSpan Run = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("Exact")]
    [InlineData("Leased")]
    public async Task TokenBucket_TenTimesTheLimitSplitEightyTwenty_IsNeverExceededAndIsUsed(string mode)
    {
        var admitted = await Admitted(mode);

        var allowed = Limit + (Limit * Run.TotalSeconds);
        var excess = Envelope.WorstExcess(admitted, Limit, Limit * Tolerance);
        TestContext.Current.SendDiagnosticMessage($"{mode}: {admitted.Count} of {allowed} admitted, worst excess {excess:F2}");
        Assert.True(excess <= 0, $"{mode}: {excess} more than B + R x were admitted.");
        Assert.True(admitted.Count >= 0.95 * allowed, $"{mode}: only {admitted.Count} of {allowed} were used.");
    }

    [Fact]
    public async Task SlidingWindowCounter_TenTimesTheLimitSplitEightyTwenty_IsNeverExceededAndIsUsed()
    {
        var admitted = await Admitted("SlidingWindowCounter");

        // previous * (1 - elapsed / W) + current <= L at every admission allows 2 L in the worst interval of length W.
        var most = Envelope.MostIn(admitted, TimeSpan.FromSeconds(1));
        TestContext.Current.SendDiagnosticMessage($"SlidingWindowCounter: {admitted.Count} of {Limit * Run.TotalSeconds} admitted, at most {most} in a window");
        Assert.True(most <= 2 * Limit, $"{most} were admitted within one window.");
        Assert.InRange(admitted.Count, 0.95 * Limit * Run.TotalSeconds, Limit * (Run.TotalSeconds + 2));
    }

    [Fact]
    public async Task OtherAlgorithms_TenTimesTheLimitSplitEightyTwenty_EachKeepsItsRuleAndIsUsed()
    {
        const int limit = LimitedCluster.SlowLimit;
        var (policies, window) = (LimitedCluster.SlowPolicies, LimitedCluster.SlowWindow);
        var allowed = limit * (Run / window);
        var (outcomes, began) = await cluster.Load(policies, 10 * policies.Length * limit / window.TotalSeconds, Run);

        foreach (var algorithm in policies)
        {
            var admitted = outcomes[algorithm].ToList();
            var most = Envelope.MostIn(admitted, window / Tolerance);
            // One may have begun before another.
            var used = admitted.Count(outcome => outcome.At >= began && outcome.At < began + Run);
            TestContext.Current.SendDiagnosticMessage($"{algorithm}: {used} of {allowed} admitted, at most {most} in a window");
            // A permit of a log or a turn that a busy machine is late for never comes back: how much is used of them is said above, and held loosely.
            var least = (algorithm is "SlidingWindowLog" or "LeakyBucket" ? 0.85 : 0.95) * allowed;
            Assert.True(used >= least && used <= allowed + (2 * limit), $"{algorithm}: {used} were admitted of {allowed}.");
            // An interval of length W may lie across two windows.
            Assert.True(most <= (algorithm == "SlidingWindowLog" ? limit : 2 * limit), $"{algorithm}: {most} were admitted within one window.");
        }

        Assert.True(Envelope.WorstExcess(outcomes["LeakyBucket"], 1, limit / window.TotalSeconds * Tolerance) <= 0, "Requests left the leaky bucket sooner than a turn apart.");
    }

    private async Task<List<RequestOutcome>> Admitted(string policy) => [.. (await cluster.Load([policy], 10 * Limit, Run)).Admitted[policy]];
}
