using Microsoft.Extensions.Hosting;

namespace OrleansLb.Hosting.Status;

/// <summary>Every part of the process has started, listeners included.</summary>
internal sealed class StartReadinessCheck(IHostApplicationLifetime application) : IReadinessCheck
{
    public string Name => "start";

    public Readiness Check() =>
        application.ApplicationStarted.IsCancellationRequested ? Readiness.Ready("started") : Readiness.NotReady("starting");
}
