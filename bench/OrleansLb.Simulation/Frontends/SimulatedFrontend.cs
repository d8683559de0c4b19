using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Balancing;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Health;
using OrleansLb.Simulation.Policies;

namespace OrleansLb.Simulation.Frontends;

/// <summary>One front-end: the shipped machine, the counts that the product keeps by interlocked additions, and a policy.</summary>
internal sealed class SimulatedFrontend
{
    private readonly int _index;
    private readonly CandidateList _candidates;
    private readonly FadingFailures _failures;
    private readonly PolicyChoice _choice;
    private readonly ImmutableArray<BackendKey> _keys;
    private readonly PolicySetup _setup;
    private readonly int[] _own;
    private readonly int[] _sent;
    private readonly LoadEntry[] _entries;
    private readonly OutcomeCounters[] _outcomes;
    private FrontendLoadMachine _machine;
    private IPickPolicy _policy;
    private PickRandom _random;
    private TrafficCounters _counters;
    private long _life = 1;

    public SimulatedFrontend(PolicyChoice choice, PolicySetup setup, CandidateList candidates, ImmutableArray<BackendKey> keys, ulong seed)
    {
        (_choice, _setup, _index, _keys, _candidates) = (choice, setup, setup.Frontend, keys, candidates);
        _failures = new FadingFailures(keys.Length);
        (_own, _sent, _entries) = (new int[keys.Length], new int[keys.Length], new LoadEntry[keys.Length]);
        _outcomes = new OutcomeCounters[keys.Length];
        _random = new PickRandom(seed);
        _machine = CreateMachine();
        _policy = choice.Create(setup);
    }

    public string Id => $"frontend-{_index}";

    public bool IsAlive { get; private set; } = true;

    /// <summary>Which life this is; a request of an earlier one is unknown.</summary>
    public int Life => (int)_life;

    /// <summary>Which of the planned wake-ups is the one that counts.</summary>
    public int WakeUp { get; set; }

    /// <summary>Whether anything moved since the last report.</summary>
    public bool HasNews { get; private set; } = true;

    public int Pick(ReadOnlySpan<int> inFlight, ulong key, TimeSpan now)
    {
        var candidates = _candidates.At(now);
        var situation = new PickSituation
        {
            Now = now,
            View = _machine.View,
            Own = _own,
            Failures = _failures.At(now, _machine.View.Traffic.MeanServiceTime),
            Candidates = candidates,
            Key = key,
            InFlight = inFlight,
        };
        var backend = candidates.Backends[_policy.Pick(situation, ref _random)];
        _own[backend]++;
        _counters = _counters with { Arrivals = _counters.Arrivals + 1 };
        HasNews = true;
        return backend;
    }

    /// <summary>A request was answered.</summary>
    public void End(int backend, TimeSpan took, TimeSpan now)
    {
        Release(backend, took);
        _outcomes[backend] += new OutcomeCounters(1, 0, 0, took);
        _policy.Answered(backend, took, now);
    }

    /// <summary>A request failed.</summary>
    public void Fail(int backend, TimeSpan took)
    {
        Release(backend, took);
        _outcomes[backend] += new OutcomeCounters(1, 1, 1, TimeSpan.Zero);
        _failures.Add(backend);
    }

    /// <summary>What the pool says of its backends.</summary>
    public void Hear(PoolEligibility eligibility) => _candidates.Hear(eligibility);

    /// <summary>Whether a count moved so far from what was sent that the product's slot would wake the exchange.</summary>
    public bool WakesFor(int backend) =>
        _machine.WantsNews && Math.Abs(_own[backend] - _sent[backend]) >= ExchangePace.UrgentMove(_sent[backend]);

    public TimeSpan DueIn(TimeSpan now) => _machine.DueIn(Entries(), _counters, now);

    public LoadReport Report(TimeSpan now)
    {
        HasNews = false;
        _own.CopyTo(_sent, 0);
        return _machine.Report(Entries(), _choice.ExchangesTimes ? Outcomes() : [], _counters, now);
    }

    public void Accept(LoadReply reply) => _machine.Accept(reply);

    public void Die()
    {
        IsAlive = false;
        WakeUp++;
    }

    /// <summary>Starts anew, with nothing in flight and nothing known.</summary>
    public void Return()
    {
        (IsAlive, HasNews) = (true, true);
        _life++;
        Array.Clear(_own);
        Array.Clear(_sent);
        Array.Clear(_outcomes);
        _failures.Clear();
        _counters = default;
        _machine = CreateMachine();
        _policy = _choice.Create(_setup);
    }

    private void Release(int backend, TimeSpan took)
    {
        _own[backend]--;
        _counters = _counters with { Completions = _counters.Completions + 1, ServiceTime = _counters.ServiceTime + took };
        HasNews = true;
    }

    private FrontendLoadMachine CreateMachine()
    {
        var machine = new FrontendLoadMachine(Id, _life);
        machine.SetBackends(_keys);
        return machine;
    }

    private OutcomeEntry[] Outcomes() => [.. _outcomes.Select((counters, i) => new OutcomeEntry(_keys[i], counters, 0))];

    private LoadEntry[] Entries()
    {
        for (var i = 0; i < _entries.Length; i++)
            _entries[i] = new LoadEntry(_keys[i], _own[i], 0);
        return _entries;
    }
}
