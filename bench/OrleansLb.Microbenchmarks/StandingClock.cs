namespace OrleansLb.Microbenchmarks;

/// <summary>A clock that stands until it is moved, so that a snapshot has the same age for every pick.</summary>
internal sealed class StandingClock : TimeProvider
{
    private long _ticks = TimeSpan.TicksPerHour;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Now => TimeSpan.FromTicks(_ticks);

    public override long GetTimestamp() => _ticks;

    public void Move(TimeSpan time) => _ticks += time.Ticks;
}
