using OrleansLb.Simulation.Policies;
using OrleansLb.Simulation.Scenarios;

namespace OrleansLb.Simulation.Tests.Policies;

public sealed class RuleConstantsTests
{
    // Old enough for the reckoning to matter, and of weights that make the request to place matter.
    private static readonly Scenario Scenario = new()
    {
        Frontends = 5,
        Backends = [new(Servers: 1), new(Weight: 3, Servers: 3), new(Servers: 1), new(Weight: 3, Servers: 3)],
        Load = 0.85,
        Staleness = Staleness.Every(2),
        Duration = 200,
    };

    [Fact]
    public void With_ShippedConstants_IsTheShippedRule() => Assert.Equal(Mean(PolicyCatalogue.ClusterLeastRequests), Mean(With(RuleConstants.Shipped)));

    [Theory]
    [InlineData(5, 0.5)]
    [InlineData(1.5, 0)]
    [InlineData(1.5, 1)]
    public void With_AnyOtherConstant_PicksDifferently(double reckoningTime, double leftOut) =>
        Assert.NotEqual(Mean(PolicyCatalogue.ClusterLeastRequests), Mean(With(new RuleConstants(reckoningTime, leftOut))));

    // An idle light backend and a heavy one with one request are equal by half of the next one (0.5 / 1 and 1.5 / 3): by less of it the
    // light one is taken, by more the heavy one.
    [Theory]
    [InlineData(0.75, 0)]
    [InlineData(0.25, 1)]
    public void With_SomeOfTheRequestLeftOut_ComparesByTheRest(double leftOut, int expected)
    {
        int[] own = [0, 1];
        var candidates = new Candidates([0, 1], [1, 3], 2);
        var random = new OrleansLb.Core.Balancing.PickRandom(1);
        var picked = With(new RuleConstants(1.5, leftOut)).Create(new PolicySetup(0, 1, [1, 3])).Pick(
            new PickSituation
            {
                Now = TimeSpan.Zero,
                View = OrleansLb.Core.Balancing.Exchange.ForeignLoad.None,
                Own = own,
                Failures = [0.0, 0.0],
                Candidates = candidates,
                Key = 0,
                InFlight = own,
            },
            ref random);
        Assert.Equal(expected, picked);
    }

    private static PolicyChoice With(RuleConstants constants) => PolicyCatalogue.ClusterLeastRequestsWith(constants);

    private static double Mean(PolicyChoice policy) => ClusterSimulation.Run(Scenario, policy, 1).Times.Mean;
}
