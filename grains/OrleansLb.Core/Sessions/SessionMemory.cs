using System.Collections.Concurrent;

namespace OrleansLb.Core.Sessions;

/// <summary>
/// What a front-end remembers of one range: to use it without asking, and to tell a new activation. Finding takes no lock and
/// allocates nothing. What arrives late, twice or from an activation that was replaced confirms nothing.
/// </summary>
public sealed class SessionMemory
{
    private readonly ConcurrentDictionary<SessionKey, RememberedSession> _sessions = new();
    private readonly Lock _lock = new();
    private int _capacity;
    private int _count;
    private long _epoch;
    private long _seen;
    private long _floor;
    private int _recalls;
    private long _highest;

    /// <summary>An empty one.</summary>
    /// <param name="capacity">Most sessions.</param>
    public SessionMemory(int capacity) => Configure(capacity);

    /// <summary>Sessions in it.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The newest activation that is known; answers of earlier ones are not acted upon.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>The version up to which changes are taken into account.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>Sessions that were forgotten to make room.</summary>
    public long Evicted { get; private set; }

    /// <summary>Takes over a changed size.</summary>
    /// <param name="capacity">Most sessions.</param>
    public void Configure(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        Volatile.Write(ref _capacity, capacity);
    }

    /// <summary>What is remembered of a session; notes that it is used.</summary>
    /// <param name="key">The session.</param>
    /// <param name="now">The time.</param>
    public SessionMemo Use(SessionKey key, TimeSpan now)
    {
        if (!_sessions.TryGetValue(key, out var session))
            return default;
        session.Use(now);
        return new SessionMemo(session.Binding, session.AsOf >= Volatile.Read(ref _floor) ? session.ConfirmedAt : null);
    }

    /// <summary>To be called before a range is asked, and kept for its answer.</summary>
    /// <param name="now">The time.</param>
    public SessionTicket Ask(TimeSpan now) => new(Volatile.Read(ref _recalls), now);

    /// <summary>Takes the range's answer.</summary>
    /// <param name="key">The session.</param>
    /// <param name="verdict">The answer.</param>
    /// <param name="ticket">From before it was asked.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it may be acted upon: not when an activation that was replaced gave it, or may have.</returns>
    public bool TryAccept(SessionKey key, in SessionVerdict verdict, SessionTicket ticket, TimeSpan now)
    {
        lock (_lock)
        {
            if (verdict.Epoch < _epoch || ticket.Recalls != _recalls)
                return false;
            _highest = Math.Max(_highest, Math.Max(verdict.Version, verdict.Binding.Epoch));
            Meet(verdict.Epoch, verdict.Version);
            if (verdict.Binding.Epoch <= 0)
                return true;
            if (_sessions.TryGetValue(key, out var known) && known.Binding.Epoch > verdict.Binding.Epoch)
                return true;
            // What changed since the answer was given has been heard of already, and may have been this.
            var asOf = verdict.Version >= _seen ? verdict.Version : RememberedSession.Unconfirmed;
            Put(key, new RememberedSession(verdict.Binding, asOf, ticket.AskedAt, now, known is not null), now);
            return true;
        }
    }

    /// <summary>Takes note of what this front-end decided without the range. What the range once said goes before it.</summary>
    /// <param name="key">The session.</param>
    /// <param name="backend">Where it goes.</param>
    /// <param name="now">The time.</param>
    public void DecideAlone(SessionKey key, BackendKey backend, TimeSpan now)
    {
        lock (_lock)
        {
            var isKnown = _sessions.TryGetValue(key, out var known);
            if (isKnown && known!.Binding is { IsBound: true, Epoch: > 0 })
                return;
            Put(key, new RememberedSession(new SessionBinding(backend, 0), RememberedSession.Unconfirmed, default, now, isKnown), now);
        }
    }

    /// <summary>Takes what changed, as it was pushed or asked for.</summary>
    /// <param name="changes">What changed.</param>
    public void Take(SessionChanges changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        lock (_lock)
        {
            if (changes.Epoch < _epoch)
                return;
            _highest = Math.Max(_highest, changes.To);
            Meet(changes.Epoch, changes.To);
            if (changes.To <= _seen)
                return;
            if (changes.IsComplete && changes.From <= _seen)
            {
                foreach (var key in changes.Keys)
                    Doubt(key, changes.To);
            }
            else
            {
                // Something was missed, so everything is asked for again.
                Volatile.Write(ref _floor, Math.Max(_floor, changes.To));
            }

            Volatile.Write(ref _seen, changes.To);
        }
    }

    /// <summary>
    /// Tells a new activation what is known. From now on nothing is acted upon that an earlier one answers, nor any answer that is under way. An activation whose epoch is not
    /// above what it is told here, because clocks differ, asks again with one that is.
    /// </summary>
    /// <param name="epoch">Epoch that the activation proposes.</param>
    /// <param name="now">The time.</param>
    public SessionRecall Recall(long epoch, TimeSpan now)
    {
        lock (_lock)
        {
            var newest = _highest;
            _recalls++;
            if (epoch > _epoch && epoch <= SessionTable.HighestEpoch)
            {
                // Its changes count from its beginning.
                _highest = Math.Max(_highest, epoch);
                Volatile.Write(ref _epoch, epoch);
                Volatile.Write(ref _seen, epoch);
            }

            return new SessionRecall(newest, [.. _sessions.Select(pair => new SessionRow(pair.Key, pair.Value.Binding, Positive(now - pair.Value.UsedAt)))]);
        }
    }

    /// <summary>Forgets what was not used for a while.</summary>
    /// <param name="idleTimeout">For how long.</param>
    /// <param name="now">The time.</param>
    public void Prune(TimeSpan idleTimeout, TimeSpan now)
    {
        foreach (var (key, session) in _sessions)
        {
            if (now - session.UsedAt <= idleTimeout)
                continue;
            lock (_lock)
            {
                if (_sessions.TryRemove(KeyValuePair.Create(key, session)))
                    _count--;
            }
        }
    }

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

    // An activation that did not ask what is known here may know less than is.
    private void Meet(long epoch, long version)
    {
        if (epoch <= _epoch)
            return;
        Volatile.Write(ref _epoch, epoch);
        // Numbers of two activations that did not hear of each other may overlap, so that none tells which answer is the older one.
        foreach (var pair in _sessions)
            _sessions[pair.Key] = pair.Value.Doubted();
        Volatile.Write(ref _seen, version);
    }

    private void Doubt(SessionKey key, long version)
    {
        if (_sessions.TryGetValue(key, out var session) && session.AsOf < version)
            _sessions[key] = session.Doubted();
    }

    private void Put(SessionKey key, RememberedSession session, TimeSpan now)
    {
        if (!_sessions.ContainsKey(key) && ++_count > _capacity)
            MakeRoom(now);
        _sessions[key] = session;
    }

    // A quarter at a time, so that looking for the oldest costs little for each. Invented names are used once, and bound only while there is room.
    private void MakeRoom(TimeSpan now)
    {
        var oldest = _sessions.OrderBy(static pair => pair.Value.IsProven).ThenBy(static pair => pair.Value.Binding.Epoch > 0).ThenBy(static pair => pair.Value.UsedAt)
            .Take(Math.Max(1, (_count - _capacity) + (_capacity / 4))).ToArray();
        foreach (var pair in oldest)
        {
            if (!_sessions.TryRemove(pair.Key, out _))
                continue;
            _count--;
            Evicted++;
        }
    }
}
