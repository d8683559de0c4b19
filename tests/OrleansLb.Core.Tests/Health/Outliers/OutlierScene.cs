using OrleansLb.Core.Health;
using OrleansLb.Core.Health.Outliers;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health.Outliers;

/// <summary>A pool with its outlier detection, wired as the product wires them.</summary>
internal sealed class OutlierScene
{
    private PoolDefinition _pool;

    public OutlierScene(int backends, OutlierDefinition? settings = null, int panicPercent = 50)
    {
        _pool = Pools.Of(backends, panicPercent) with { Outlier = settings ?? new OutlierDefinition() };
        Pool = Pools.Running(backends, panicPercent);
        Machine.Configure(_pool, Outcomes, Now);
    }

    public ScriptedOutcomes Outcomes { get; } = new();

    public OutlierMachine Machine { get; } = new();

    public PoolEligibilityState Pool { get; private set; }

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    /// <summary>The backends that are out by ejection.</summary>
    public int[] Ejected => [.. Enumerable.Range(0, Pool.Members.Length).Where(index => Pool.Members[index].Outlier.Ejection is not null)];

    public void Wait(TimeSpan time) => Now += time;

    public List<OutlierChange> Judge(TimeSpan? after = null)
    {
        Wait(after ?? TimeSpan.Zero);
        List<OutlierChange> changes = [.. Machine.Judge(Outcomes, Pool, Now)];
        Adopt(changes);
        return changes;
    }

    public void Configure(int backends, OutlierDefinition? settings)
    {
        _pool = Pools.Of(backends, Pool.PanicPercent) with { Outlier = settings };
        Pool = PoolEligibilityMachine.Configure(Pool, _pool).Next;
        Adopt(Machine.Configure(_pool, Outcomes, Now));
    }

    public void Verdict(int backend, HealthVerdict verdict) =>
        Pool = PoolEligibilityMachine.SetVerdict(Pool, Pools.Key(backend), verdict, Now).Next;

    public void Admin(int backend, AdminState admin) =>
        Pool = PoolEligibilityMachine.SetAdmin(Pool, Pools.Key(backend), admin).Next;

    /// <summary>Ejects a backend by failures in a row and says for how long.</summary>
    public TimeSpan Eject(int backend)
    {
        Outcomes.Fail(Pools.Key(backend), 5);
        var change = Judge().Single(static change => change.Kind == OutlierChangeKind.Ejected);
        return change.Verdict.Ejection!.Value.Until - Now;
    }

    private void Adopt(IEnumerable<OutlierChange> changes)
    {
        foreach (var change in changes)
            Pool = PoolEligibilityMachine.SetOutlier(Pool, change.Key, change.Verdict).Next;
    }
}
