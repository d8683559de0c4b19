using System.Collections.Immutable;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health;

/// <summary>Weighs the backends of one pool together: administrator above monitors, no mass removal on one witness, panic when little is left.</summary>
/// <remarks>
/// Shares (mass removal, panic) are of the backends that the administrator leaves in service: taking three of four
/// into maintenance is no emergency of the fourth.
/// </remarks>
public static class PoolEligibilityMachine
{
    private const int MassPercent = 30;
    private const int MassAtLeast = 2;

    /// <summary>A pool without backends.</summary>
    /// <param name="version">Version to go on from: above any that front-ends may have seen.</param>
    public static PoolEligibilityState Start(long version) =>
        new(new PoolEligibility(version, [], false), [], 0, TimeSpan.Zero);

    /// <summary>The configuration changed. Backends that stay keep what is known of them; a new generation starts anew.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="pool">The pool as configured.</param>
    /// <remarks>Backends of a pool that had none are welcome at once; one that joins a running, probed pool waits for its monitor.</remarks>
    public static PoolEligibilityStep Configure(PoolEligibilityState state, PoolDefinition pool)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(pool);
        var joining = state.Members.Length > 0 && pool.ActiveHealth is not null ? HealthVerdict.Joining : HealthVerdict.Unknown;
        var known = state.Members.ToDictionary(member => member.Key);
        return Publish(state with
        {
            Members = [.. pool.Backends.Select(backend => known.GetValueOrDefault(backend.Key, new PoolMember(backend.Key, AdminState.Active, joining, TimeSpan.Zero, false)))],
            PanicPercent = pool.PanicPercent,
            Interval = (pool.ActiveHealth ?? new ActiveHealthDefinition()).Interval,
        });
    }

    /// <summary>An administrator decided. Unknown backends change nothing.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="key">Which backend.</param>
    /// <param name="admin">The decision.</param>
    public static PoolEligibilityStep SetAdmin(PoolEligibilityState state, BackendKey key, AdminState admin)
    {
        ArgumentNullException.ThrowIfNull(state);
        var index = IndexOf(state, key);
        if (index < 0) return new PoolEligibilityStep(state, null);
        var before = state.Members[index];
        var member = before with { Admin = admin, Drain = before.Admin == admin ? before.Drain : DrainPhase.Finishing };
        return Publish(state with { Members = state.Members.SetItem(index, member) });
    }

    /// <summary>A drain went on. Unknown backends change nothing, and one that the administrator does not drain stays as it is.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="key">Which backend.</param>
    /// <param name="phase">How far the drain is.</param>
    public static PoolEligibilityStep SetDrain(PoolEligibilityState state, BackendKey key, DrainPhase phase)
    {
        ArgumentNullException.ThrowIfNull(state);
        var index = IndexOf(state, key);
        if (index < 0 || state.Members[index].Admin != AdminState.Draining) return new PoolEligibilityStep(state, null);
        var member = state.Members[index] with { Drain = phase };
        return Publish(state with { Members = state.Members.SetItem(index, member) });
    }

    /// <summary>A monitor's verdict changed. Unknown backends change nothing.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="key">Which backend.</param>
    /// <param name="verdict">The monitor's word.</param>
    /// <param name="now">Monotonic time.</param>
    public static PoolEligibilityStep SetVerdict(PoolEligibilityState state, BackendKey key, HealthVerdict verdict, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var index = IndexOf(state, key);
        if (index < 0) return new PoolEligibilityStep(state, null);
        var judged = Judge(state, state.Members[index], verdict, now);
        return Publish(state with { Members = state.Members.SetItem(index, judged) });
    }

    private static PoolMember Judge(PoolEligibilityState state, in PoolMember before, HealthVerdict verdict, TimeSpan now)
    {
        if (verdict.State != BackendState.Down) return before with { Verdict = verdict, Held = false };
        var falls = before.Verdict.State != BackendState.Down;
        return before with
        {
            Verdict = verdict,
            DownSince = falls ? now : before.DownSince,
            Held = !verdict.Confirmed && (falls ? IsMassRemoval(state, before, now) : before.Held),
        };
    }

    private static bool IsMassRemoval(PoolEligibilityState state, in PoolMember falling, TimeSpan now)
    {
        if (falling.Admin != AdminState.Active) return false;
        int inService = 0, together = 1;
        foreach (var member in state.Members)
        {
            if (member.Admin != AdminState.Active) continue;
            inService++;
            if (member.Verdict.State == BackendState.Down && now - member.DownSince <= state.Interval) together++;
        }

        return together >= MassAtLeast && together * 100 > MassPercent * inService;
    }

    private static PoolEligibilityStep Publish(PoolEligibilityState state)
    {
        var statuses = new BackendStatus[state.Members.Length];
        for (var i = 0; i < statuses.Length; i++) statuses[i] = StatusOf(state.Members[i]);
        var panic = IsPanic(state, statuses);
        if (panic) AdmitInPanic(state.Members, statuses);
        var delta = Difference(state.Published, PoolEligibility.Ordered(statuses), panic);
        if (delta is null || !state.Published.TryApply(delta, out var published)) return new PoolEligibilityStep(state, null);
        return new PoolEligibilityStep(state with { Published = published }, delta);
    }

    private static BackendStatus StatusOf(in PoolMember member) => member.Admin switch
    {
        AdminState.Maintenance => new BackendStatus(member.Key, BackendState.Maintenance, false, false, false, false),
        AdminState.Draining when member.Drain == DrainPhase.Drained => new BackendStatus(member.Key, BackendState.Drained, false, false, false, false),
        AdminState.Draining => new BackendStatus(member.Key, BackendState.Draining, false, member.Drain == DrainPhase.Finishing && !member.IsDown, false, member.Held),
        _ when member.Held => new BackendStatus(member.Key, BackendState.Degraded, true, true, false, true),
        _ => new BackendStatus(member.Key, member.Verdict.State, !member.IsDown && !member.Verdict.Waiting, !member.IsDown, false, false),
    };

    private static bool IsPanic(PoolEligibilityState state, BackendStatus[] statuses)
    {
        var inService = state.Members.Count(member => member.Admin == AdminState.Active);
        var eligible = statuses.Count(status => status.TakesNew);
        return eligible * 100 < state.PanicPercent * inService;
    }

    /// <summary>Backends that answer badly first; one that has not shown itself only when those are none; those that nobody reaches last.</summary>
    private static void AdmitInPanic(ImmutableArray<PoolMember> members, BackendStatus[] statuses)
    {
        Admit(members, statuses, static member => member.IsDown && !member.Verdict.Unreachable);
        if (!statuses.Any(status => status.TakesNew)) Admit(members, statuses, static member => member.Verdict.Waiting);
        if (!statuses.Any(status => status.TakesNew)) Admit(members, statuses, static member => member.IsDown);
    }

    private static void Admit(ImmutableArray<PoolMember> members, BackendStatus[] statuses, Func<PoolMember, bool> which)
    {
        for (var i = 0; i < statuses.Length; i++)
        {
            if (members[i].Admin != AdminState.Active || !which(members[i])) continue;
            statuses[i] = statuses[i] with { TakesNew = true, TakesPinned = true, ByPanic = true };
        }
    }

    private static PoolEligibilityDelta? Difference(PoolEligibility before, ImmutableArray<BackendStatus> after, bool panic)
    {
        var changed = after.Where(status => !before.TryGet(status.Key, out var old) || old != status).ToImmutableArray();
        var kept = after.Select(status => status.Key).ToHashSet();
        var removed = before.Backends.Select(status => status.Key).Where(key => !kept.Contains(key)).ToImmutableArray();
        if (changed.IsEmpty && removed.IsEmpty && panic == before.Panic) return null;
        return new PoolEligibilityDelta(before.Version, before.Version + 1, changed, removed, panic);
    }

    private static int IndexOf(PoolEligibilityState state, BackendKey key)
    {
        for (var i = 0; i < state.Members.Length; i++)
        {
            if (state.Members[i].Key == key) return i;
        }

        return -1;
    }
}
