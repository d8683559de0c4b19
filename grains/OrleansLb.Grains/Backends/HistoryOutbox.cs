using System.Collections.Immutable;
using OrleansLb.Contracts.Backends;

namespace OrleansLb.Grains.Backends;

/// <summary>Changes that the histories of backends have not been told yet. What a history would not keep is not kept here either.</summary>
internal sealed class HistoryOutbox
{
    /// <summary>Most changes in all: a pool of thousands of backends that flap while no history can be reached.</summary>
    private const int Capacity = 10_000;

    private readonly Dictionary<string, ImmutableArray<BackendStateChange>> _changes = new(StringComparer.Ordinal);
    private int _count;

    public bool IsEmpty => _count == 0;

    /// <summary>Adds a change.</summary>
    /// <returns>Whether there was room.</returns>
    public bool Add(string backendId, BackendStateChange change) => Put(backendId, [.. _changes.GetValueOrDefault(backendId, []), change]);

    /// <summary>Takes what a few backends have to be told.</summary>
    public (string BackendId, ImmutableArray<BackendStateChange> Changes)[] Take(int backends)
    {
        var taken = _changes.Take(backends).Select(static entry => (entry.Key, entry.Value)).ToArray();
        foreach (var (backendId, changes) in taken)
        {
            _changes.Remove(backendId);
            _count -= changes.Length;
        }

        return taken;
    }

    /// <summary>Puts back what was taken and could not be told.</summary>
    public void Return(string backendId, ImmutableArray<BackendStateChange> changes) =>
        Put(backendId, [.. changes, .. _changes.GetValueOrDefault(backendId, [])]);

    private bool Put(string backendId, ImmutableArray<BackendStateChange> changes)
    {
        var before = _changes.GetValueOrDefault(backendId, []).Length;
        var kept = changes.Length <= IBackendHistoryGrain.Capacity ? changes : changes[^IBackendHistoryGrain.Capacity..];
        if (_count - before + kept.Length > Capacity)
            return false;
        _changes[backendId] = kept;
        _count += kept.Length - before;
        return true;
    }
}
