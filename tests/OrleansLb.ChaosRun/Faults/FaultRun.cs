using System.Collections.Concurrent;
using System.Globalization;
using OrleansLb.Chaos.Plans;
using OrleansLb.Chaos.Verdicts;
using OrleansLb.ChaosRun.Load;
using OrleansLb.ChaosRun.Stage;

namespace OrleansLb.ChaosRun.Faults;

/// <summary>Follows a plan: each fault at its time, and none before the cluster is whole after the one before, or has had its bound for that.</summary>
internal sealed class FaultRun(ChaosStage stage, ClusterView view, RunClock clock, FaultMaker maker, TextWriter output)
{
    private readonly ConcurrentQueue<HappenedFault> _faults = new();

    /// <summary>What has happened so far.</summary>
    public IReadOnlyList<HappenedFault> Faults => [.. _faults.OrderBy(static fault => fault.Began)];

    public async Task Follow(IReadOnlyList<PlannedFault> plan, CancellationToken cancellation)
    {
        for (var first = 0; first < plan.Count;)
        {
            var count = 1 + plan.Skip(first + 1).TakeWhile(static fault => fault.Overlaps).Count();
            // Who comes late because the cluster was not whole brings his company along, and stays as long as planned.
            var late = clock.Now > plan[first].At ? clock.Now - plan[first].At : TimeSpan.Zero;
            var together = await Task.WhenAll(plan.Skip(first).Take(count).Select(fault => Make(fault with { At = fault.At + late }, cancellation)));
            await WaitUntilWhole(together, cancellation);
            first += count;
        }
    }

    private async Task<HappenedFault> Make(PlannedFault fault, CancellationToken cancellation)
    {
        await clock.Until(fault.At, cancellation);
        var (began, whom) = (clock.Now, maker.WhomOf(fault));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Times.Of(began)}  {fault.Trait.Name}{(whom.Length == 0 ? "" : " ")}{whom}, {fault.Length.TotalSeconds:F1} s"));
        var harm = await maker.Make(fault, cancellation);
        return new HappenedFault(fault, whom, began, clock.Now, harm, WholeAfter: null, clock.Now, Missing: "");
    }

    private async Task WaitUntilWhole(IReadOnlyList<HappenedFault> together, CancellationToken cancellation)
    {
        var bound = together.Max(static fault => fault.Planned.Trait.Bound);
        var missing = await view.BecomesWhole(bound, cancellation);
        var (now, ended) = (clock.Now, together.Max(static fault => fault.Ended));
        foreach (var fault in together)
            _faults.Enqueue(fault with { WholeAfter = missing.Length == 0 ? now - ended : null, Over = now, Missing = missing });
        if (missing.Length == 0)
            stage.IsWhole();
        await output.WriteLineAsync(missing.Length == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{Times.Of(now)}  whole again after {(now - ended).TotalSeconds:F1} s")
            : string.Create(CultureInfo.InvariantCulture, $"{Times.Of(now)}  NOT whole within {bound.TotalSeconds:F0} s: {missing}"));
    }
}
