using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

/// <summary>
/// Front-ends with outcomes of one backend, a pool, and messages between them that may be lost, late or delivered again. What happened is
/// kept beside in the order in which it happened.
/// </summary>
internal sealed class OutcomeNetwork
{
    public static readonly BackendKey Key = new(1);
    public static readonly TimeSpan Now = TimeSpan.FromHours(1);

    private readonly List<LoadReport> _reports = [];
    private readonly List<(int Frontend, LoadReply Reply)> _replies = [];
    private readonly FrontendLoadMachine[] _machines;
    private readonly OutcomeEntry[] _outcomes;
    private readonly long[] _incarnations;
    private long _arrivals;
    private int _lives;

    public OutcomeNetwork(int frontends)
    {
        _machines = new FrontendLoadMachine[frontends];
        _outcomes = new OutcomeEntry[frontends];
        _incarnations = new long[frontends];
        for (var i = 0; i < frontends; i++)
            Restart(i);
        Pool = NewPool();
        for (var i = 0; i < frontends; i++)
            ExchangeCleanly(i);
    }

    public PoolLoadMachine Pool { get; private set; }

    /// <summary>Every outcome of any front-end in its order; true for a gateway failure.</summary>
    public List<bool> History { get; } = [];

    public int LongestRun
    {
        get
        {
            var (longest, run) = (0, 0);
            foreach (var failed in History)
                longest = Math.Max(longest, run = failed ? run + 1 : 0);
            return longest;
        }
    }

    public OutcomeCounters Truth => _outcomes.Aggregate(default(OutcomeCounters), static (sum, entry) => sum + entry.Counters);

    public void Apply(OutcomeStep step)
    {
        var frontend = step.Frontend % _machines.Length;
        switch (step.Kind)
        {
            case OutcomeStepKind.Outcome:
                // Some see mostly failures, some mostly not.
                Observe(frontend, failed: step.Choice % (2 + (2 * frontend)) != 0);
                break;
            case OutcomeStepKind.Exchange:
                ExchangeCleanly(frontend);
                break;
            case OutcomeStepKind.Send:
                _reports.Add(MakeReport(frontend));
                break;
            case OutcomeStepKind.DeliverReport when _reports.Count > 0:
                Deliver(_reports[step.Choice % _reports.Count]);
                break;
            case OutcomeStepKind.DeliverReply when _replies.Count > 0:
                var (reader, reply) = _replies[step.Choice % _replies.Count];
                _machines[reader].Accept(reply);
                break;
            case OutcomeStepKind.RestartPool:
                Pool = NewPool();
                break;
            case OutcomeStepKind.RestartFrontend:
                Restart(frontend);
                break;
            default:
                break;
        }
    }

    public void Observe(int frontend, bool failed)
    {
        History.Add(failed);
        var (counters, run) = (_outcomes[frontend].Counters, _outcomes[frontend].Run);
        var one = failed ? new OutcomeCounters(1, 1, 1, TimeSpan.Zero) : new OutcomeCounters(1, 0, 0, TimeSpan.FromMilliseconds(7));
        _outcomes[frontend] = new OutcomeEntry(Key, counters + one, failed ? run + 1 : 0);
    }

    /// <summary>One exchange that nothing disturbs.</summary>
    public void ExchangeCleanly(int frontend) => _machines[frontend].Accept(Pool.Exchange(MakeReport(frontend), Now));

    private LoadReport MakeReport(int frontend) =>
        _machines[frontend].Report([], [_outcomes[frontend]], new TrafficCounters(++_arrivals, 0, TimeSpan.Zero), Now);

    private void Deliver(LoadReport report) =>
        _replies.Add((int.Parse(report.FrontendId, System.Globalization.CultureInfo.InvariantCulture), Pool.Exchange(report, Now)));

    private void Restart(int frontend)
    {
        _incarnations[frontend]++;
        _outcomes[frontend] = new OutcomeEntry(Key, default, 0);
        _machines[frontend] = new FrontendLoadMachine(Name(frontend), _incarnations[frontend]);
        _machines[frontend].SetBackends([Key]);
    }

    private PoolLoadMachine NewPool()
    {
        var pool = new PoolLoadMachine($"silo/{++_lives}", Now);
        pool.SetRegistered([.. Enumerable.Range(0, _machines.Length).Select(Name)]);
        return pool;
    }

    private static string Name(int frontend) => frontend.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
