namespace OrleansLb.Testing.Clocks;

/// <summary>The system's clock, with time that a test skips: timers run as ever, what is measured since has grown, and it is later for people too.</summary>
public sealed class LeapingClock : TimeProvider
{
    private long _skipped;

    /// <inheritdoc/>
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <summary>Skips some time.</summary>
    /// <param name="time">How much.</param>
    public void Leap(TimeSpan time) => Interlocked.Add(ref _skipped, (long)(time.TotalSeconds * TimestampFrequency));

    /// <inheritdoc/>
    public override long GetTimestamp() => System.GetTimestamp() + Interlocked.Read(ref _skipped);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromSeconds((double)Interlocked.Read(ref _skipped) / TimestampFrequency);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime, period);
}
