using OrleansLb.Chaos.Load;
using static System.FormattableString;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>Holds what became of every request, and how the cluster came back, against what is promised.</summary>
public static class RunVerdict
{
    // Clocks may run apart by a thousandth.
    private const double ClockTolerance = 1 + 2e-3;

    // A machine that cannot send what is due does not show what the cluster would have done with it.
    private const double LeastLoad = 0.9;

    /// <summary>Judges.</summary>
    /// <param name="run">The run.</param>
    public static IReadOnlyList<Promise> Of(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return [Requests(run), Limits(run), Sessions(run), Whole(run), Processes(run), Load(run)];
    }

    /// <summary>The fault that took a failed request with it; <see langword="null"/> when none did.</summary>
    public static HappenedFault? Explanation(RequestOutcome failed, IEnumerable<HappenedFault> faults) => faults.FirstOrDefault(fault => fault.Harm?.Explains(failed) == true);

    private static Promise Requests(RunRecord run)
    {
        var failed = run.Outcomes.Where(RequestPaths.Fails).ToList();
        var unexplained = failed.Where(outcome => Explanation(outcome, run.Faults) is null).ToList();
        var first = unexplained.Count == 0 ? "" : Told(unexplained[0]);
        return new Promise(
            "no request fails but those in flight at what is killed, cut or frozen",
            Invariant($"{unexplained.Count} of {run.Outcomes.Count} failed, {failed.Count - unexplained.Count} more were in flight there{first}"),
            unexplained.Count == 0 && run.Outcomes.Count > 0);
    }

    private static string Told(RequestOutcome failed) =>
        Invariant($"; the first at {failed.At.TotalSeconds:F1} s through {failed.Target}: {failed.Error ?? Invariant($"status {failed.Status}")}");

    private static Promise Limits(RunRecord run)
    {
        var keys = run.Outcomes.Where(static outcome => outcome.Status == 200 && RequestPaths.KeyOf(outcome.Target) is not null)
            .GroupBy(static outcome => RequestPaths.KeyOf(outcome.Target)!).Select(static key => key.ToList()).ToList();
        var worst = keys.Select(key => Envelope.WorstExcess(key, run.Limit, run.Limit * ClockTolerance)).DefaultIfEmpty(0).Max();
        var longest = keys.Select(key => Envelope.Gaps(key, TimeSpan.Zero, run.Length).Max()).DefaultIfEmpty(run.Length).Max();
        return new Promise(
            "no limit is exceeded",
            Invariant($"{Math.Max(0, worst):F1} permits above the limit at worst, {keys.Sum(static key => key.Count)} admitted for {keys.Count} keys of {run.Limit} a second, ")
            + Invariant($"one of them none for {longest.TotalSeconds:F1} s at the longest"),
            worst <= 0 && keys.Count > 0);
    }

    private static Promise Sessions(RunRecord run)
    {
        var agreement = new SessionAgreement(run.Homes, run.Faults);
        agreement.Take(run.Outcomes);
        var first = agreement.Strays == 0 ? "" : $"; the first: {agreement.FirstStray}";
        return new Promise(
            "every front-end sends a session to the same backend",
            Invariant($"{agreement.Strays} of {agreement.Answers} answers to {run.Homes.Count} sessions came from elsewhere, ")
            + Invariant($"{agreement.Moved} from the successor of a backend in trouble{first}"),
            agreement.Strays == 0 && agreement.Answers > 0);
    }

    private static Promise Whole(RunRecord run)
    {
        var late = run.Faults.FirstOrDefault(static fault => fault.WholeAfter is null);
        var slowest = run.Faults.Where(static fault => fault.WholeAfter is not null).MaxBy(static fault => fault.WholeAfter);
        var seen = late is not null ? Invariant($"not within {late.Planned.Trait.Bound.TotalSeconds:F0} s after {late.Title}: {late.Missing}")
            : slowest is null ? "there was no fault"
            : Invariant($"after each of {run.Faults.Count} faults, at the latest {slowest.WholeAfter!.Value.TotalSeconds:F1} s after {slowest.Title}");
        return new Promise("the cluster is whole again by itself within its bound", seen, late is null && slowest is not null);
    }

    private static Promise Processes(RunRecord run) => new(
        "no process ends that nobody ended", run.EndedByThemselves.Count == 0 ? "none did" : string.Join("; ", run.EndedByThemselves), run.EndedByThemselves.Count == 0);

    private static Promise Load(RunRecord run)
    {
        var due = run.Rate * run.Length.TotalSeconds;
        return new Promise(
            "the load is what was asked for",
            Invariant($"{run.Outcomes.Count} of {due:F0} requests were sent, {100 * run.Outcomes.Count / due:F1} %"),
            run.Outcomes.Count >= LeastLoad * due);
    }
}
