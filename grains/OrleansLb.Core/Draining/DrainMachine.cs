namespace OrleansLb.Core.Draining;

/// <summary>Decides when a draining backend is closed to its sessions, when what is left there is cut off, and when it is drained.</summary>
/// <remarks>
/// Drained is a promise that the backend may be stopped. Therefore it is closed to its sessions first, and is drained when every live
/// front-end has said twice that it sends nothing there and has nothing there: a request that was on its way to a backend when its
/// front-end was told is counted by the second time.
/// </remarks>
public static class DrainMachine
{
    /// <summary>Longest time to drain.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    /// <summary>Time to drain unless the configuration or the administrator says otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Time between the first and the second look at an empty, closed backend. A request is counted microseconds after its backend was
    /// chosen; this leaves room for a pause of the front-end's process.
    /// </summary>
    public static readonly TimeSpan Confirmation = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan LongestQuiet = TimeSpan.FromMinutes(1);

    // Five minutes to drain wait ten seconds for a session that thinks.
    private const int QuietPart = 30;

    /// <summary>Begins to watch a drain, or goes on watching one that another process watched before.</summary>
    /// <param name="phase">How far it is.</param>
    /// <param name="left">Time until what is left is cut off; <see langword="null"/> when that is not known yet.</param>
    /// <param name="timeout">The whole time to drain.</param>
    /// <param name="keepsSessions">Whether sessions may be bound to the backend, so that a moment without requests does not mean the end of them.</param>
    /// <param name="now">Monotonic time.</param>
    public static DrainState Start(DrainPhase phase, TimeSpan? left, TimeSpan timeout, bool keepsSessions, TimeSpan now) => new(
        phase == DrainPhase.Drained ? DrainPhase.Drained : DrainPhase.Finishing,
        left is { } known ? now + Within(known, LongestTimeout) : TimeSpan.MaxValue,
        keepsSessions ? Within(timeout / QuietPart, LongestQuiet) : TimeSpan.Zero);

    /// <summary>The time that is left has become known, or is another one.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="left">Time until what is left is cut off.</param>
    /// <param name="now">Monotonic time.</param>
    public static DrainState Limit(DrainState state, TimeSpan left, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state with { Deadline = now + Within(left, LongestTimeout) };
    }

    /// <summary>Takes a census in.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="census">What the front-ends said.</param>
    /// <param name="now">Monotonic time.</param>
    /// <returns>The state to go on with; a drained one never changes.</returns>
    public static DrainState Advance(DrainState state, in DrainCensus census, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return state.Phase switch
        {
            DrainPhase.Finishing => Finish(Observe(state, census, now), now),
            DrainPhase.Closing => Close(state, census, now),
            _ => state,
        };
    }

    private static DrainState Observe(DrainState state, in DrainCensus census, TimeSpan now) => state with
    {
        Arrivals = census.Arrivals,
        QuietSince = !census.IsEmpty ? null : state.QuietSince is { } since && census.Arrivals == state.Arrivals ? since : now,
    };

    private static DrainState Finish(DrainState state, TimeSpan now)
    {
        if (now >= state.Deadline) return state with { Phase = DrainPhase.Closing, TimedOut = true };
        return state.QuietSince is { } since && now - since >= state.Quiet ? state with { Phase = DrainPhase.Closing } : state;
    }

    private static DrainState Close(DrainState state, in DrainCensus census, TimeSpan now)
    {
        if (census is { IsEmpty: true, IsClosed: true })
        {
            var since = state.EmptySince ?? now;
            return now - since >= Confirmation
                ? state with { Phase = DrainPhase.Drained, EmptySince = since }
                : state with { EmptySince = since };
        }

        return state with { EmptySince = null, TimedOut = state.TimedOut || now >= state.Deadline };
    }

    private static TimeSpan Within(TimeSpan time, TimeSpan most) => time < TimeSpan.Zero ? TimeSpan.Zero : time > most ? most : time;
}
