using System.Collections.Immutable;
using OrleansLb.Core.Agents;
using OrleansLb.Core.Draining;
using OrleansLb.Core.Health.Circuits;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Health;

/// <summary>Weighs the backends of one pool together: administrator above agents above monitors, no mass removal on one witness, panic when little is left.</summary>
/// <remarks>
/// Shares (mass removal, panic) are of the backends that the administrator and the agents leave in service: taking three of four
/// into maintenance is no emergency of the fourth. An agent that says <c>down</c> gives evidence, as an answered probe does: no second witness
/// could know better, and a panic re-admits.
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
    /// <remarks>Unless configured otherwise, backends of a pool that had none are welcome at once and one that joins a running, probed pool waits for its monitor.</remarks>
    public static PoolEligibilityStep Configure(PoolEligibilityState state, PoolDefinition pool)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(pool);
        var initial = pool.ActiveHealth is { } active ? HealthVerdict.Of(active.InitialState, joins: state.Members.Length > 0) : HealthVerdict.Unknown;
        var known = state.Members.ToDictionary(member => member.Key);
        return Publish(state with
        {
            Members = [.. pool.Backends.Select(backend => Followed(pool, known.GetValueOrDefault(backend.Key, new PoolMember(backend.Key, AdminState.Active, initial, TimeSpan.Zero, false))))],
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
        return Replace(state, index, before with { Admin = admin, Drain = before.Admin == admin ? before.Drain : DrainPhase.Finishing });
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
        return Replace(state, index, state.Members[index] with { Drain = phase });
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
        return Replace(state, index, Judge(state.Members, state.Interval, state.Members[index], verdict, now));
    }

    /// <summary>What a backend's agent says changed. Unknown backends change nothing.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="key">Which backend.</param>
    /// <param name="agent">What holds by its word.</param>
    public static PoolEligibilityStep SetAgent(PoolEligibilityState state, BackendKey key, AgentState agent)
    {
        ArgumentNullException.ThrowIfNull(state);
        var index = IndexOf(state, key);
        if (index < 0) return new PoolEligibilityStep(state, null);
        return Replace(state, index, state.Members[index] with { Agent = agent });
    }

    /// <summary>What requests say of a backend changed. Unknown backends change nothing.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="key">Which backend.</param>
    /// <param name="outlier">What they say; an ejection of a backend that its monitor took out is none.</param>
    public static PoolEligibilityStep SetOutlier(PoolEligibilityState state, BackendKey key, OutlierVerdict outlier)
    {
        ArgumentNullException.ThrowIfNull(state);
        var index = IndexOf(state, key);
        if (index < 0) return new PoolEligibilityStep(state, null);
        return Replace(state, index, Settled(state.Members[index] with { Outlier = outlier }));
    }

    /// <summary>What the circuit to a backend carries changed. Unknown backends change nothing.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="key">Which backend.</param>
    /// <param name="circuit">What it carries.</param>
    public static PoolEligibilityStep SetCircuit(PoolEligibilityState state, BackendKey key, CircuitState circuit)
    {
        ArgumentNullException.ThrowIfNull(state);
        var index = IndexOf(state, key);
        if (index < 0) return new PoolEligibilityStep(state, null);
        return Replace(state, index, state.Members[index] with { Circuit = circuit });
    }

    /// <summary>What somebody was told of backends before holds again, all of it at once. Unknown backends change nothing.</summary>
    /// <param name="state">State so far.</param>
    /// <param name="remembered">What was told, and what requests say of each from now on.</param>
    /// <param name="now">Monotonic time.</param>
    public static PoolEligibilityStep Recall(PoolEligibilityState state, IEnumerable<(BackendStatus Status, OutlierVerdict Outlier)> remembered, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(remembered);
        var members = state.Members.ToBuilder();
        var indexes = Enumerable.Range(0, members.Count).ToDictionary(index => members[index].Key);
        foreach (var (status, outlier) in remembered)
        {
            if (!indexes.TryGetValue(status.Key, out var index)) continue;
            var judged = Judge(members, state.Interval, members[index], status.ImpliedVerdict, now);
            members[index] = Settled(judged with { Admin = status.ImpliedAdmin, Drain = status.ImpliedDrain, Agent = status.Agent, Outlier = outlier, Circuit = status.Circuit });
        }

        return Publish(state with { Members = members.ToImmutable() });
    }

    /// <summary>Most of what is said is said again, and a pool may be large.</summary>
    private static PoolEligibilityStep Replace(PoolEligibilityState state, int index, in PoolMember member) => member == state.Members[index]
        ? new PoolEligibilityStep(state, null)
        : Publish(state with { Members = state.Members.SetItem(index, member) });

    /// <summary>What an agent said ends with the agents of its pool: nobody would ever take it back.</summary>
    private static PoolMember Followed(PoolDefinition pool, in PoolMember member) => pool.Agent is null ? member with { Agent = default } : member;

    /// <summary>Once the monitor takes a backend out, its probes alone decide when it is back.</summary>
    private static PoolMember Settled(in PoolMember member) =>
        member.IsDown ? member with { Outlier = member.Outlier with { Ejection = null } } : member;

    private static PoolMember Judge(IReadOnlyList<PoolMember> members, TimeSpan interval, in PoolMember before, HealthVerdict verdict, TimeSpan now)
    {
        if (verdict.State != BackendState.Down) return before with { Verdict = verdict, Held = false };
        var falls = before.Verdict.State != BackendState.Down;
        return Settled(before with
        {
            Verdict = verdict,
            DownSince = falls ? now : before.DownSince,
            Held = !verdict.Confirmed && (falls ? IsMassRemoval(members, interval, before, now) : before.Held),
        });
    }

    private static bool IsMassRemoval(IReadOnlyList<PoolMember> members, TimeSpan interval, in PoolMember falling, TimeSpan now)
    {
        if (!falling.IsInService) return false;
        int inService = 0, together = 1;
        foreach (var member in members)
        {
            if (!member.IsInService) continue;
            inService++;
            if (member.Verdict.State == BackendState.Down && now - member.DownSince <= interval) together++;
        }

        return together >= MassAtLeast && together * 100 > MassPercent * inService;
    }

    private static PoolEligibilityStep Publish(PoolEligibilityState state)
    {
        var statuses = new BackendStatus[state.Members.Length];
        for (var i = 0; i < statuses.Length; i++) statuses[i] = StatusOf(state.Members[i]);
        var panic = IsPanic(state, statuses);
        if (panic) AdmitInPanic(state.Members, statuses);
        var published = new PoolEligibility(state.Published.Version + 1, PoolEligibility.Ordered(statuses), panic);
        return state.Published.DeltaTo(published) is { } delta
            ? new PoolEligibilityStep(state with { Published = published }, delta)
            : new PoolEligibilityStep(state, null);
    }

    private static BackendStatus StatusOf(in PoolMember member) =>
        StateOf(member) with { Ejection = member.Outlier.Ejection, Slow = member.Outlier.Slow, Agent = member.Agent, Circuit = member.Circuit };

    private static BackendStatus StateOf(in PoolMember member) => member.Admin switch
    {
        AdminState.Maintenance => new BackendStatus(member.Key, BackendState.Maintenance, false, false, false, false),
        AdminState.Draining when member.Drain == DrainPhase.Drained => new BackendStatus(member.Key, BackendState.Drained, false, false, false, false),
        AdminState.Draining => new BackendStatus(member.Key, BackendState.Draining, false, member.Drain == DrainPhase.Finishing && !member.IsOut, false, member.Held),
        _ when ByAgent(member) is { } status => status,
        _ when member.IsBroken => new BackendStatus(member.Key, BackendState.Down, false, false, false, false),
        _ when member.Outlier.Ejection is not null => new BackendStatus(member.Key, BackendState.Down, false, false, false, false),
        _ when member.Held => new BackendStatus(member.Key, BackendState.Degraded, true, true, false, true),
        _ when member.Outlier.Slow && !member.IsDown => new BackendStatus(member.Key, BackendState.Degraded, !member.Verdict.Waiting, true, false, false),
        _ => new BackendStatus(member.Key, member.Verdict.State, !member.IsDown && !member.Verdict.Waiting, !member.IsDown, false, false),
    };

    private static BackendStatus? ByAgent(in PoolMember member) => member.Agent switch
    {
        { Service: AgentService.Maintenance } => new BackendStatus(member.Key, BackendState.Maintenance, false, false, false, false) { ByAgent = true },
        { IsDown: true } => new BackendStatus(member.Key, BackendState.Down, false, false, false, false) { ByAgent = true },
        { IsDraining: true } => new BackendStatus(member.Key, BackendState.Draining, false, !member.IsOut, false, member.Held) { ByAgent = true },
        _ => null,
    };

    private static bool IsPanic(PoolEligibilityState state, BackendStatus[] statuses)
    {
        var inService = state.Members.Count(static member => member.IsInService);
        var eligible = statuses.Count(status => status.TakesNew);
        return eligible * 100 < state.PanicPercent * inService;
    }

    /// <summary>
    /// Backends that answer badly first; one that has not shown itself only when those are none; those that nobody reaches last; never one
    /// that has to prove itself.
    /// </summary>
    private static void AdmitInPanic(ImmutableArray<PoolMember> members, BackendStatus[] statuses)
    {
        Admit(members, statuses, static member => member.IsOut && !member.Verdict.IsUnproven && !(member.IsDown && member.Verdict.Unreachable));
        if (!statuses.Any(status => status.TakesNew)) Admit(members, statuses, static member => member.Verdict is { Waiting: true, IsUnproven: false });
        if (!statuses.Any(status => status.TakesNew)) Admit(members, statuses, static member => member is { IsDown: true, Verdict.IsUnproven: false });
    }

    private static void Admit(ImmutableArray<PoolMember> members, BackendStatus[] statuses, Func<PoolMember, bool> which)
    {
        for (var i = 0; i < statuses.Length; i++)
        {
            if (!members[i].IsInService || members[i].IsBroken || !which(members[i])) continue;
            statuses[i] = statuses[i] with { TakesNew = true, TakesPinned = true, ByPanic = true };
        }
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
