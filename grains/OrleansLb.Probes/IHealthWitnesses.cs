using OrleansLb.Core.Health;

namespace OrleansLb.Probes;

/// <summary>Whom a monitor asks before it believes its own eyes.</summary>
public interface IHealthWitnesses
{
    /// <summary>Runs the probe from somewhere else.</summary>
    /// <param name="target">What to probe.</param>
    /// <param name="cancellationToken">The monitor ends.</param>
    /// <returns>The outcome, <see cref="ProbeOutcomeKind.NotRun"/> when nobody reported; <see langword="null"/> when there is nobody else.</returns>
    ValueTask<ProbeOutcome?> ProbeElsewhere(ProbeTarget target, CancellationToken cancellationToken);

    /// <summary>When any front-end last had an answer from the backend.</summary>
    /// <param name="cancellationToken">The monitor ends.</param>
    /// <returns>How long before the call it was, never too little; <see langword="null"/> for never.</returns>
    ValueTask<TimeSpan?> LastAnswer(CancellationToken cancellationToken);
}
