namespace OrleansLb.Contracts.Sessions;

/// <summary>
/// The arbiter of one hash range of a pool's learned sessions; all sessions of a pool are divided into a fixed number of ranges. Sessions are known by a keyed
/// hash only.
/// </summary>
[Alias("OrleansLb.ISessionGrain"), GrainInterfaceType("OrleansLb.Contracts.Sessions.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>The grain's key.</summary>
    /// <param name="poolId">The pool, spelt as configured.</param>
    /// <param name="range">Number of the range.</param>
    static string KeyOf(string poolId, int range) => FormattableString.Invariant($"{poolId}/{range}");

    /// <summary>The binding of a session, made if there is none: the first one wins.</summary>
    /// <param name="request">Which session, and where it is to go.</param>
    /// <returns>
    /// <see langword="null"/> when nothing can be decided yet: the range has lost its silo and not every front-end has said what it knows, or the silo does not
    /// know the front-end or the pool's sessions.
    /// </returns>
    [Alias("Bind"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.500")]
    ValueTask<SessionReply?> Bind(SessionRequest request);

    /// <summary>What a front-end may have missed; repairs a lost push.</summary>
    /// <param name="request">Who asks, and what it has seen.</param>
    /// <returns><see langword="null"/> as for <see cref="Bind"/>.</returns>
    [Alias("Look"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.500")]
    ValueTask<SessionChange?> Look(SessionLook request);

    /// <summary>Some of the range's sessions, in the order of their keys.</summary>
    /// <param name="after">The last one before; <see langword="null"/> to begin.</param>
    /// <param name="most">Most that are wanted, 1 to 1,000.</param>
    /// <returns><see langword="null"/> while the range is not ready.</returns>
    [Alias("Page"), CalledBy(Caller.Silo), ResponseTimeout("00:00:02")]
    ValueTask<WireSession[]?> Page(SessionId? after, int most);

    /// <summary>One session.</summary>
    /// <param name="session">Its key.</param>
    /// <returns><see langword="null"/> while the range is not ready.</returns>
    [Alias("Find"), CalledBy(Caller.Silo), ResponseTimeout("00:00:02")]
    ValueTask<SessionFinding?> Find(SessionId session);

    /// <summary>An administrator moves a session to a backend; it need not have been known.</summary>
    /// <param name="session">Its key.</param>
    /// <param name="backend">Key of the backend.</param>
    /// <returns>What it became, without a session if there was no room; <see langword="null"/> while the range is not ready.</returns>
    [Alias("Move"), CalledBy(Caller.Silo), ResponseTimeout("00:00:02")]
    ValueTask<SessionFinding?> Move(SessionId session, ulong backend);

    /// <summary>An administrator ends a binding: the next request of the session is balanced as that of a new one.</summary>
    /// <param name="session">Its key.</param>
    /// <returns>What it was; <see langword="null"/> while the range is not ready.</returns>
    [Alias("Revoke"), CalledBy(Caller.Silo), ResponseTimeout("00:00:02")]
    ValueTask<SessionFinding?> Revoke(SessionId session);
}
