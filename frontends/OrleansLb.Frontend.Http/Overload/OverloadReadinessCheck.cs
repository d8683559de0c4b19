using OrleansLb.Core.Overload;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Frontend.Http.Overload;

/// <summary>Sends balancers elsewhere while there is no memory for requests.</summary>
internal sealed class OverloadReadinessCheck(OverloadGate gate) : IReadinessCheck
{
    public string Name => "memory";

    public Readiness Check() => gate.Level == OverloadLevel.None ? Readiness.Ready("there is room") : Readiness.NotReady("it runs out: requests are refused");
}
