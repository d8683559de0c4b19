namespace OrleansLb.Admin.Status;

/// <summary>Where the configuration in force came from, and what was refused since.</summary>
/// <param name="Digest">SHA-256 of its settings.</param>
/// <param name="Source">Who submitted it.</param>
/// <param name="AcceptedAt">When it was accepted, UTC.</param>
/// <param name="Refused">The last submission that was refused after it, with every reason.</param>
/// <param name="Divergent">Silos whose own file is another one.</param>
/// <param name="Trial">How the version in force has to prove itself; <see langword="null"/> when it need not, or not any more.</param>
/// <param name="LastRollback">What the cluster last took back by itself.</param>
internal sealed record ConfigurationSummary(
    string Digest,
    string Source,
    DateTimeOffset AcceptedAt,
    RefusalSummary? Refused,
    IReadOnlyList<string> Divergent,
    TrialSummary? Trial,
    RollbackSummary? LastRollback);
