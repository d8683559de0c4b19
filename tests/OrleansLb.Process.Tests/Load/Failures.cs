using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Load;

/// <summary>Holds what became of requests against what may.</summary>
internal static class Failures
{
    public static void AssertNone(IReadOnlyCollection<RequestOutcome> outcomes, ProcessCluster cluster) => AssertOnly(outcomes, static _ => false, cluster);

    public static void AssertOnly(IReadOnlyCollection<RequestOutcome> outcomes, Predicate<RequestOutcome> mayFail, ProcessCluster cluster)
    {
        var failed = outcomes.Where(outcome => outcome.Failed && !mayFail(outcome)).ToList();
        Assert.True(failed.Count == 0, $"{failed.Count} of {outcomes.Count} failed, first: {failed.FirstOrDefault()}\n{cluster.Logs()}");
    }

    /// <summary>Whether a request was in flight at some time of an interval.</summary>
    public static bool Spans(RequestOutcome outcome, TimeSpan from, TimeSpan to) => outcome.At <= to && outcome.AnsweredAt >= from;
}
