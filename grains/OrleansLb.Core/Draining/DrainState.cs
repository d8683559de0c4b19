namespace OrleansLb.Core.Draining;

/// <summary>One drain. Times are of the monotonic clock of the process that watches it.</summary>
/// <param name="Phase">How far it is.</param>
/// <param name="Deadline">When what is left is cut off; <see cref="TimeSpan.MaxValue"/> while that is not known.</param>
/// <param name="Quiet">How long nothing must be in flight and nothing arrive before the backend is closed to its sessions too.</param>
public sealed record DrainState(DrainPhase Phase, TimeSpan Deadline, TimeSpan Quiet)
{
    /// <summary>Whether the deadline has passed before nothing was left.</summary>
    public bool TimedOut { get; init; }

    /// <summary>Whether front-ends are to cut off what they have in flight there.</summary>
    public bool CutsOff => Phase == DrainPhase.Closing && TimedOut;

    /// <summary>Arrivals in the newest census; <see langword="null"/> before the first.</summary>
    public long? Arrivals { get; init; }

    /// <summary>Since when nothing has been in flight and nothing has arrived; <see langword="null"/> while something is there.</summary>
    public TimeSpan? QuietSince { get; init; }

    /// <summary>Since when a closed backend has been empty; <see langword="null"/> while it is not.</summary>
    public TimeSpan? EmptySince { get; init; }
}
