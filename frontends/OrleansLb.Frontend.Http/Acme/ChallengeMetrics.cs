using System.Diagnostics.Metrics;

namespace OrleansLb.Frontend.Http.Acme;

/// <summary>How often authorities ask.</summary>
internal sealed class ChallengeMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Acme";

    private readonly Counter<long> _answers;

    public ChallengeMetrics(IMeterFactory meters) =>
        _answers = meters.Create(MeterName).CreateCounter<long>("orleanslb.acme.answers", "{request}", "Requests for challenges of the cluster's orders that were answered.");

    /// <summary>Counts one that was answered.</summary>
    public void Answered() => _answers.Add(1);
}
