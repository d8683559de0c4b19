namespace OrleansLb.Core.Affinity;

/// <summary>
/// How long an affinity cookie is good. The front-ends' wall clocks are compared here and nowhere else, so the two
/// bounds carry a tolerance; without a bound no clock is looked at. A cookie from the future is good: only a front-end can have made it.
/// </summary>
/// <param name="Absolute">Longest life of a session; zero for no bound.</param>
/// <param name="Idle">Longest time without a request; zero for no bound.</param>
public readonly record struct AffinityLifetime(TimeSpan Absolute, TimeSpan Idle)
{
    private const long ToleranceSeconds = 60;

    // A tenth of the idle time is lost at most, and a busy client is sent a cookie at most ten times within it.
    private const long RefreshesPerIdle = 10;

    /// <summary>No bounds: the client's browser decides when the session ends.</summary>
    public static AffinityLifetime Unlimited => default;

    /// <summary>Whether a cookie is past one of the bounds, by more than a minute of tolerance between clocks.</summary>
    /// <param name="cookie">The opened cookie.</param>
    /// <param name="now">Unix seconds.</param>
    public bool IsExpired(in AffinityCookie cookie, long now) =>
        IsPast(Absolute, cookie.Issued, now) || IsPast(Idle, cookie.LastSeen, now);

    /// <summary>Whether it is time to send the client a cookie with a newer <see cref="AffinityCookie.LastSeen"/>.</summary>
    /// <param name="cookie">The opened cookie.</param>
    /// <param name="now">Unix seconds.</param>
    public bool IsRefreshDue(in AffinityCookie cookie, long now) =>
        Idle > TimeSpan.Zero && now - cookie.LastSeen >= Math.Max(1, (long)Idle.TotalSeconds / RefreshesPerIdle);

    private static bool IsPast(TimeSpan bound, long since, long now) =>
        bound > TimeSpan.Zero && now - since > (long)bound.TotalSeconds + ToleranceSeconds;
}
