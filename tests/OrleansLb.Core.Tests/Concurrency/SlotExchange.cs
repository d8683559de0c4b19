using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Concurrency;

/// <summary>A pool of one backend and front-ends that are answered at once, unless a test lets an answer be lost.</summary>
internal sealed class SlotExchange
{
    public static readonly BackendKey Backend = BackendKey.Of("app", "a", 1);

    private readonly Dictionary<string, (SlotHolder Holder, SlotGate Gate)> _frontends = [];

    public SlotArbiter Arbiter { get; set; } = new(1, -SlotLease.Ttl);

    public int? Limit { get; set; } = 10;

    public WhenUnreachable WhenUnreachable { get; init; } = WhenUnreachable.Deny;

    public TimeSpan Now { get; set; }

    public SlotGate Gate(string frontend) => Of(frontend).Gate;

    public SlotHolder Holder(string frontend) => Of(frontend).Holder;

    /// <summary>Requests of a front-end take slots.</summary>
    /// <returns>How many found one.</returns>
    public int Enter(string frontend, int count) => Enumerable.Range(0, count).Count(_ => Gate(frontend).TryEnter(out var _));

    public void Leave(string frontend, int count)
    {
        for (var i = 0; i < count; i++)
            Gate(frontend).Leave();
    }

    /// <summary>One report and its answer.</summary>
    public SlotAnswer? Exchange(string frontend, int waiting = 0, bool isLeaving = false)
    {
        var answer = Arbiter.Handle(Holder(frontend).Begin([waiting], isLeaving, Now), _ => Limit, Now);
        if (answer is not null)
            Holder(frontend).TryAccept(answer, Now);
        return answer;
    }

    private (SlotHolder Holder, SlotGate Gate) Of(string frontend)
    {
        if (_frontends.TryGetValue(frontend, out var known))
            return known;
        var added = (Holder: new SlotHolder(frontend, 1, Now), Gate: new SlotGate());
        added.Holder.Configure(WhenUnreachable, [new(Backend, added.Gate, Limit)], Now);
        return _frontends[frontend] = added;
    }
}
