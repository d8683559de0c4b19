using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Tests.Status;

/// <summary>A condition that the test switches.</summary>
internal sealed class SwitchedCheck : IReadinessCheck
{
    public bool Holds { get; set; }

    public string Name => "switch";

    public Readiness Check() => Holds ? Readiness.Ready("on") : Readiness.NotReady("off");
}
