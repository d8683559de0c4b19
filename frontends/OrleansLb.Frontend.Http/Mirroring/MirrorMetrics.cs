using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Mirroring;

/// <summary>Counts copies of requests, and those that were not made.</summary>
internal sealed class MirrorMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Mirroring";

    private readonly Counter<long> _copies;

    public MirrorMetrics(IMeterFactory meters) => _copies = meters.Create(MeterName)
        .CreateCounter<long>("orleanslb.route.mirror.requests", "{request}", "Requests that were to be sent to another pool too, by what became of the copy.");

    public void Ended(MirrorPlan plan, MirrorOutcome outcome)
    {
        if (!_copies.Enabled)
            return;
        _copies.Add(
            1,
            new KeyValuePair<string, object?>("route", plan.Definition.Route),
            new KeyValuePair<string, object?>("pool", plan.Definition.Cluster),
            new KeyValuePair<string, object?>("outcome", NameOf(outcome)));
    }

    private static string NameOf(MirrorOutcome outcome) => outcome switch
    {
        MirrorOutcome.Answered => "answered",
        MirrorOutcome.Failed => "failed",
        MirrorOutcome.TimedOut => "timed_out",
        MirrorOutcome.NoBackend => "no_backend",
        MirrorOutcome.Busy => "busy",
        MirrorOutcome.TooLarge => "too_large",
        MirrorOutcome.Incomplete => "incomplete",
        _ => "cut_off",
    };
}
