using OrleansLb.Chaos.Load;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>All that is known of a run once it is over. Times are by its own clock, which begins when the cluster is whole and under load.</summary>
/// <param name="Length">How long it was.</param>
/// <param name="Rate">Requests a second that were due.</param>
/// <param name="Limit">Permits a second of each limited key, and how many it may spend at once.</param>
/// <param name="Outcomes">What became of each request.</param>
/// <param name="Homes">Where each session began.</param>
/// <param name="Faults">What happened.</param>
/// <param name="EndedByThemselves">Processes that ended although nobody had ended them, with their last words.</param>
public sealed record RunRecord(
    TimeSpan Length,
    double Rate,
    int Limit,
    IReadOnlyList<RequestOutcome> Outcomes,
    IReadOnlyDictionary<string, string> Homes,
    IReadOnlyList<HappenedFault> Faults,
    IReadOnlyList<string> EndedByThemselves);
