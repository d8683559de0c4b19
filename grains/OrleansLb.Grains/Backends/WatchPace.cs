namespace OrleansLb.Grains.Backends;

/// <summary>
/// When a pool calls its monitors, which revives those that lost their silo: every time while silos come and go or a monitor is silent, and seldom otherwise, for a call a second to the monitor of every
/// backend is most of what an idle cluster would do. Verdicts come by themselves.
/// </summary>
internal sealed class WatchPace
{
    // A third of what a monitor waits for before it takes itself to be abandoned.
    private static readonly TimeSpan Rested = TimeSpan.FromSeconds(4);

    // The grain directory may take some seconds more than the membership to settle.
    private static readonly TimeSpan Hurried = TimeSpan.FromSeconds(10);

    private long _membership = long.MinValue;
    private TimeSpan _hurriedUntil;
    private TimeSpan _calledAt;
    private bool _isSilent;

    /// <summary>Whether to call them now.</summary>
    /// <param name="membership">Version of the cluster's membership.</param>
    /// <param name="now">Monotonic time.</param>
    public bool IsDue(long membership, TimeSpan now)
    {
        if (membership != _membership)
            (_membership, _hurriedUntil) = (membership, now + Hurried);
        return _isSilent || now < _hurriedUntil || now - _calledAt >= Rested;
    }

    /// <summary>They were called.</summary>
    /// <param name="haveAllAnswered">Whether every one has answered.</param>
    /// <param name="now">Monotonic time.</param>
    public void Called(bool haveAllAnswered, TimeSpan now) => (_isSilent, _calledAt) = (!haveAllAnswered, now);
}
