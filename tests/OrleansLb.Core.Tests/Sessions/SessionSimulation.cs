using OrleansLb.Core.Sessions;

namespace OrleansLb.Core.Tests.Sessions;

/// <summary>
/// One range and three front-ends, with answers and pushes that are late, lost and out of order, and with activations that are replaced while they still answer.
/// </summary>
internal sealed class SessionSimulation
{
    private const int Frontends = 3;

    private readonly SessionMemory[] _frontends = [.. Enumerable.Range(0, Frontends).Select(static _ => new SessionMemory(100))];
    private readonly List<(SessionMemory Frontend, SessionKey Key, SessionVerdict Verdict, SessionTicket Ticket)> _answers = [];
    private readonly List<(int Frontend, SessionChanges Changes)> _pushes = [];
    private readonly Dictionary<(SessionKey Key, long Epoch), (BackendKey Backend, HashSet<SessionMemory> To)> _told = [];
    private SessionTable _table = new(1_000_000, 100, TimeSpan.FromHours(10), [], TimeSpan.Zero);
    private SessionTable _replaced;
    private SessionMemory[] _knownToReplaced = [];
    private TimeSpan _now;
    private long _pushed = 1_000_000;

    public SessionSimulation() => _replaced = _table;

    /// <summary>Whether two different bindings of one session were ever told under one number, while somebody lives who was told the first.</summary>
    public bool IsAmbiguous { get; private set; }

    /// <summary>Backends that each session was bound to, as far as any front-end acted upon it.</summary>
    public ILookup<SessionKey, BackendKey> Bindings => _told.ToLookup(static told => told.Key.Key, static told => told.Value.Backend);

    /// <summary>A front-end asks; its answer is on its way.</summary>
    public void Ask(int frontend, int session, ulong candidate, bool replaces = false, bool atReplaced = false)
    {
        var key = Key(session);
        var known = _frontends[frontend].Use(key, _now).Binding;
        var claim = new SessionClaim(key, new BackendKey(candidate), replaces ? known.Epoch : 0, known);
        var ticket = _frontends[frontend].Ask(_now);
        // Of one that nobody ever heard, with a clock ahead, nobody can know that it was replaced. It serves nobody who registered later.
        var asked = atReplaced && _replaced.Epoch < _table.Epoch && _knownToReplaced.Contains(_frontends[frontend]) ? _replaced : _table;
        _answers.Add((_frontends[frontend], key, asked.Bind(claim, _now), ticket));
    }

    /// <summary>An answer arrives, in any order.</summary>
    public void Arrive(int which)
    {
        if (_answers.Count == 0)
            return;
        var (frontend, key, verdict, ticket) = _answers[which % _answers.Count];
        _answers.RemoveAt(which % _answers.Count);
        if (!_frontends.Contains(frontend) || !frontend.TryAccept(key, verdict, ticket, _now) || verdict.Binding.Epoch == 0)
            return;
        if (!_told.TryGetValue((key, verdict.Binding.Epoch), out var told))
            _told[(key, verdict.Binding.Epoch)] = told = (verdict.Binding.Backend, []);
        told.To.Add(frontend);
        IsAmbiguous |= told.Backend != verdict.Binding.Backend;
    }

    public void Move(int session, ulong backend)
    {
        _table.Move(Key(session), new BackendKey(backend), _now);
        Push();
    }

    public void Revoke(int session)
    {
        _table.Revoke(Key(session), _now);
        Push();
    }

    /// <summary>A push arrives, or is lost.</summary>
    public void ArrivePush(int which, bool lost)
    {
        if (_pushes.Count == 0)
            return;
        var (frontend, changes) = _pushes[which % _pushes.Count];
        _pushes.RemoveAt(which % _pushes.Count);
        if (!lost)
            _frontends[frontend].Take(changes);
    }

    /// <summary>A front-end looks what it missed.</summary>
    public void Look(int frontend) => _frontends[frontend].Take(_table.ChangesSince(_frontends[frontend].Seen));

    /// <summary>A new activation begins, by a clock that may have gone back; the one before does not notice.</summary>
    public void Replace(long proposed)
    {
        (_replaced, _knownToReplaced) = (_table, [.. _frontends]);
        SessionRecall[] recalls;
        while ((recalls = [.. _frontends.Select(frontend => frontend.Recall(proposed, _now))]).Max(static recall => recall.NewestEpoch) is var newest && newest >= proposed)
            proposed = newest + 1;
        _table = new SessionTable(proposed, 100, TimeSpan.FromHours(10), recalls, _now);
        _pushed = _table.Epoch;
        Push();
    }

    /// <summary>A front-end forgets everything. What only it was told dies with the activation that told it, and by a clock that went back its number may be used again.</summary>
    public void Restart(int frontend)
    {
        foreach (var (number, told) in _told)
        {
            if (told.To.Remove(_frontends[frontend]) && told.To.Count == 0)
                _told.Remove(number);
        }

        _frontends[frontend] = new SessionMemory(100);
    }

    public void Pass(int seconds) => _now += TimeSpan.FromSeconds(seconds);

    /// <summary>Whether a front-end that has heard of all changes would use something else than what is in force.</summary>
    public bool IsMisled(int session) => _frontends.Any(frontend =>
        frontend.Seen == _table.Version
        && frontend.Use(Key(session), _now) is var memo
        && memo.IsFresh(_now)
        && _table.Find(Key(session), _now)?.Binding != memo.Binding);

    private void Push()
    {
        var changes = _table.ChangesSince(_pushed);
        _pushed = _table.Version;
        if (changes.IsEmpty)
            return;
        for (var frontend = 0; frontend < Frontends; frontend++)
            _pushes.Add((frontend, changes));
    }

    private static SessionKey Key(int session) => new((ulong)session, 0);
}
