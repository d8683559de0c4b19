using OrleansLb.Chaos.Load;

namespace OrleansLb.ChaosRun.Load;

/// <summary>The time of a run: it begins now, while the load is there already, and goes with it.</summary>
internal sealed class RunClock(OpenLoopLoad load)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan _zero = load.Elapsed;

    public TimeSpan Now => load.Elapsed - _zero;

    /// <summary>Waits for a time; for none that has passed.</summary>
    public async Task Until(TimeSpan time, CancellationToken cancellation)
    {
        // A delay is up to a tick of the system's too short.
        while (time - Now is var left && left > TimeSpan.Zero)
            await Task.Delay(left < Tick ? Tick : left, cancellation);
    }

    /// <summary>The outcome of a request by this clock.</summary>
    public RequestOutcome Of(RequestOutcome outcome) => outcome with { At = outcome.At - _zero };
}
