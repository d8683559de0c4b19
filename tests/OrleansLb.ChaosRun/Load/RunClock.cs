using OrleansLb.Chaos.Load;

namespace OrleansLb.ChaosRun.Load;

/// <summary>The time of a run: it begins now, while the load is there already, and goes with it.</summary>
internal sealed class RunClock(OpenLoopLoad load)
{
    private readonly TimeSpan _zero = load.Elapsed;

    public TimeSpan Now => load.Elapsed - _zero;

    /// <summary>Waits for a time; for none that has passed.</summary>
    public Task Until(TimeSpan time, CancellationToken cancellation)
    {
        var left = time - Now;
        return left > TimeSpan.Zero ? Task.Delay(left, cancellation) : Task.CompletedTask;
    }

    /// <summary>The outcome of a request by this clock.</summary>
    public RequestOutcome Of(RequestOutcome outcome) => outcome with { At = outcome.At - _zero };
}
