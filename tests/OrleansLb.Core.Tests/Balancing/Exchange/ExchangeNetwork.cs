using System.Collections.Immutable;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Tests.Balancing.Exchange;

/// <summary>
/// Front-ends, a pool and the messages between them, all of which may be lost, kept for later, or delivered again; the
/// truth that the totals are compared with is kept beside.
/// </summary>
internal sealed class ExchangeNetwork
{
    public static readonly ImmutableArray<BackendKey> Keys = [.. Enumerable.Range(0, 4).Select(static i => new BackendKey((ulong)i + 1))];

    private readonly List<LoadReport> _reports = [];
    private readonly List<(int Frontend, LoadReply Reply)> _replies = [];
    private readonly long[] _incarnations;
    private PoolLoadMachine? _twin;
    private int _lives;

    public ExchangeNetwork(int frontends)
    {
        Counts = [.. Enumerable.Range(0, frontends).Select(static _ => new LoadEntry[Keys.Length])];
        _incarnations = new long[frontends];
        Machines = new FrontendLoadMachine[frontends];
        for (var i = 0; i < frontends; i++)
            RestartFrontend(i);
        Pool = NewPool();
    }

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public PoolLoadMachine Pool { get; private set; }

    public FrontendLoadMachine[] Machines { get; }

    public LoadEntry[][] Counts { get; }

    public void Apply(NetworkStep step)
    {
        var frontend = step.Frontend % Machines.Length;
        switch (step.Kind)
        {
            case NetworkStepKind.Change:
                Counts[frontend][step.Choice % Keys.Length] = new LoadEntry(Keys[step.Choice % Keys.Length], step.Choice % 7, step.Choice % 3);
                break;
            case NetworkStepKind.Send:
                _reports.Add(MakeReport(frontend));
                break;
            case NetworkStepKind.DeliverReport when _reports.Count > 0:
                Deliver(_reports[step.Choice % _reports.Count], step.Choice % 5 == 0 ? _twin ?? Pool : Pool);
                break;
            case NetworkStepKind.DeliverReply when _replies.Count > 0:
                var (reader, reply) = _replies[step.Choice % _replies.Count];
                Machines[reader].Accept(reply);
                break;
            case NetworkStepKind.RestartPool:
                // The life before may go on, in a silo that the cluster has given up.
                _twin = Pool;
                Pool = NewPool();
                break;
            case NetworkStepKind.RestartFrontend:
                RestartFrontend(frontend);
                break;
            case NetworkStepKind.Leave:
                Pool.Remove(Name(frontend), _incarnations[frontend], Now);
                RestartFrontend(frontend);
                break;
            default:
                Now += TimeSpan.FromMilliseconds(step.Choice % 4000);
                Pool.Expire(Now);
                break;
        }
    }

    /// <summary>One exchange that nothing disturbs, and the full row after it if the pool asks for that.</summary>
    public void ExchangeCleanly(int frontend)
    {
        for (var i = 0; i < 2; i++)
        {
            var reply = Pool.Exchange(MakeReport(frontend), Now);
            Assert.True(Machines[frontend].Accept(reply));
        }
    }

    public LoadEntry[] Truth() =>
    [
        .. Keys
            .Select(key => new LoadEntry(
                key,
                Counts.Sum(row => row.Where(entry => entry.Key == key).Sum(static entry => entry.Requests)),
                Counts.Sum(row => row.Where(entry => entry.Key == key).Sum(static entry => entry.Connections))))
            .Where(static entry => !entry.IsZero),
    ];

    public static LoadEntry[] Sorted(IEnumerable<LoadEntry> entries) => [.. entries.OrderBy(static entry => entry.Key.Value)];

    private static string Name(int frontend) => $"frontend-{frontend}";

    private LoadReport MakeReport(int frontend) =>
        Machines[frontend].Report([.. Counts[frontend].Where(static entry => entry.Key != default)], default, Now);

    private void Deliver(LoadReport report, PoolLoadMachine pool) =>
        _replies.Add((int.Parse(report.FrontendId.AsSpan("frontend-".Length), System.Globalization.CultureInfo.InvariantCulture), pool.Exchange(report, Now)));

    private void RestartFrontend(int frontend)
    {
        Counts[frontend].AsSpan().Clear();
        _incarnations[frontend]++;
        Machines[frontend] = new FrontendLoadMachine(Name(frontend), _incarnations[frontend]);
        Machines[frontend].SetBackends(Keys);
    }

    private PoolLoadMachine NewPool() => new($"silo/{++_lives}", Now);
}
