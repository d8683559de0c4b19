using System.Collections.Immutable;

namespace OrleansLb.Core.Health;

/// <summary>A change of what a pool holds to be true of one backend, for its history and the event feed.</summary>
/// <param name="Key">Which backend, in which generation.</param>
/// <param name="Before">What held before; <see langword="null"/> for a backend that joined.</param>
/// <param name="After">What holds now; <see langword="null"/> for a backend that left.</param>
/// <param name="Cause">What made it change.</param>
public readonly record struct StateChange(BackendKey Key, BackendStatus? Before, BackendStatus? After, StateChangeCause Cause)
{
    /// <summary>The changes between two versions of a pool's eligibility that people care for: of the state, and of which traffic is taken.</summary>
    /// <param name="before">The version before.</param>
    /// <param name="delta">What led to the next.</param>
    public static ImmutableArray<StateChange> Of(PoolEligibility before, PoolEligibilityDelta delta)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(delta);
        var changes = ImmutableArray.CreateBuilder<StateChange>();
        foreach (var after in delta.Changed)
        {
            BackendStatus? known = before.TryGet(after.Key, out var status) ? status : null;
            if (known is not { } old || (old.State, old.TakesNew, old.TakesPinned) != (after.State, after.TakesNew, after.TakesPinned))
                changes.Add(new StateChange(after.Key, known, after, CauseOf(known, after)));
        }

        foreach (var key in delta.Removed)
        {
            if (before.TryGet(key, out var old)) changes.Add(new StateChange(key, old, null, StateChangeCause.Configuration));
        }

        return changes.ToImmutable();
    }

    private static StateChangeCause CauseOf(BackendStatus? before, in BackendStatus after) => before switch
    {
        null => StateChangeCause.Configuration,
        { } old when old.ImpliedAdmin != AdminState.Active || after.ImpliedAdmin != AdminState.Active => StateChangeCause.Admin,
        { } old when old.ByAgent || after.ByAgent => StateChangeCause.Agent,
        { } old when old.Circuit != after.Circuit => StateChangeCause.Circuit,
        { } old when old.ImpliedOutlier != after.ImpliedOutlier => StateChangeCause.Outlier,
        { } old when old.State == after.State && old.ByPanic != after.ByPanic => StateChangeCause.Panic,
        _ => StateChangeCause.ActiveProbe,
    };
}
