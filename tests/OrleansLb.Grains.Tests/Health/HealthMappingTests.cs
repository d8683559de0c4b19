using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Health;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Grains.Tests.Health;

public sealed class HealthMappingTests
{
    [Theory]
    [InlineData(typeof(BackendState), typeof(WireBackendState))]
    [InlineData(typeof(ProbeOutcomeKind), typeof(WireProbeOutcome))]
    [InlineData(typeof(AdminState), typeof(WireAdminState))]
    [InlineData(typeof(OutlierCause), typeof(WireOutlierCause))]
    [InlineData(typeof(CircuitState), typeof(WireCircuitState))]
    [InlineData(typeof(TrialOutcome), typeof(WireTrialOutcome))]
    [InlineData(typeof(StateChangeCause), typeof(WireStateChangeCause))]
    [InlineData(typeof(ProbeType), typeof(WireProbeType))]
    [InlineData(typeof(AgentService), typeof(WireAgentService))]
    [InlineData(typeof(ScriptStepKind), typeof(WireScriptStepKind))]
    public void EnumerationsOfCoreAndWire_HaveTheSameNamesAndNumbers(Type model, Type wire) =>
        Assert.Equal(
            Enum.GetNames(model).Select(name => (name, Convert.ToInt32(Enum.Parse(model, name), null))),
            Enum.GetNames(wire).Select(name => (name, Convert.ToInt32(Enum.Parse(wire, name), null))));

    [Theory]
    [InlineData("app", "b0", "app/b0")]
    [InlineData("a/b", "c%d e", "a%2Fb/c%25d%20e")]
    public void BackendGrainKey_AnyNames_ComeBack(string pool, string backend, string key)
    {
        Assert.Equal(key, BackendGrainKey.Of(pool, backend));
        Assert.Equal((pool, backend), BackendGrainKey.Parse(key));
    }
}
