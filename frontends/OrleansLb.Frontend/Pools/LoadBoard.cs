using System.Collections.Immutable;

namespace OrleansLb.Frontend.Pools;

/// <summary>
/// <see cref="BackendSlot.PickLoad"/> of a pool's backends side by side, in the order of its slots, for picks that look at all of them: reading a thousand numbers in a
/// row takes a tenth of reading them out of a thousand objects. The slots write here whenever they change.
/// </summary>
/// <remarks>
/// A copy: what is in flight is counted in the slots. Counted here alone, a request would have to be taken off the board that it was put on, and the pool be read from
/// as many boards as it had versions since. As a copy of whole values a new board is right as soon as each slot has written to it once.
/// </remarks>
public sealed class LoadBoard
{
    private readonly double[] _loads;

    internal LoadBoard(ImmutableArray<BackendSlot> slots)
    {
        Slots = slots;
        _loads = new double[slots.Length];
        for (var i = 0; i < slots.Length; i++)
            _loads[i] = slots[i].PickLoad;
    }

    /// <summary>What this front-end has in flight at each backend. Each was true a moment ago, not all at one moment.</summary>
    public ReadOnlySpan<double> Loads => _loads;

    internal ImmutableArray<BackendSlot> Slots { get; }

    /// <summary>
    /// Has the slots write here from now on, and no longer where they wrote before. Called when the pool is in force: until then picks read the board of the
    /// one before, which must not stand still meanwhile.
    /// </summary>
    internal void Open()
    {
        for (var i = 0; i < _loads.Length; i++)
            Slots[i].WriteTo(new LoadCell(_loads, i));
    }
}
