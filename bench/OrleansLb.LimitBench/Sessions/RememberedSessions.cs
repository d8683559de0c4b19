using OrleansLb.Core;
using OrleansLb.Core.Sessions;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.LimitBench.Sessions;

/// <summary>What a front-end remembers of sessions that come through it.</summary>
internal sealed class RememberedSessions(SessionDefinition definition) : ISessionPlace
{
    private readonly SessionMemory[] _ranges = [.. Enumerable.Range(0, SessionKey.RangeCount).Select(_ => new SessionMemory(definition.RangeCapacity))];
    private long _epoch = 1;

    public string Name => "a front-end's memory";

    public int Count => _ranges.Sum(static range => range.Count);

    public int Capacity => definition.RangeCapacity * _ranges.Length;

    // Room is made by quarters, and what was forgotten is asked for again.
    public int MayForget => Capacity / 4;

    public BackendKey Ask(SessionKey key, BackendKey candidate)
    {
        var range = _ranges[key.Range];
        if (range.Use(key, TimeSpan.Zero).Binding is { IsBound: true } binding)
            return binding.Backend;
        range.TryAccept(key, new SessionVerdict(SessionOutcome.Bound, new SessionBinding(candidate, ++_epoch), 1, 1), range.Ask(TimeSpan.Zero), TimeSpan.Zero);
        return candidate;
    }

    public void AskInvented(SessionKey key, BackendKey candidate)
    {
        if (!_ranges[key.Range].Use(key, TimeSpan.Zero).Binding.IsBound)
            _ranges[key.Range].DecideAlone(key, candidate, TimeSpan.Zero);
    }
}
