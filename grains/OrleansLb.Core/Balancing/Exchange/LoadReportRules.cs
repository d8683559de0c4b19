namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What every report must satisfy, whoever sent it: the totals are everybody's.</summary>
internal static class LoadReportRules
{
    /// <summary>What is wrong with a report.</summary>
    public static LoadRefusal Judge(LoadReport report) =>
        string.IsNullOrEmpty(report.FrontendId) ? LoadRefusal.NoFrontend
        : report.Sequence is < 1 or long.MaxValue || report.BaseSequence < 0 || report.BaseSequence > report.Sequence ? LoadRefusal.Sequence
        : report.AckedVersion < 0 || report.AckedEpoch.Number > PoolEpoch.MaxNumber ? LoadRefusal.Acknowledgement
        : report.Tau < TimeSpan.Zero || report.Counters is not { Arrivals: >= 0, Completions: >= 0 } || report.Counters.ServiceTime < TimeSpan.Zero || report.Retries is { IsPossible: false } ? LoadRefusal.Traffic
        : report.Entries.Length > PoolLoadMachine.MaxEntries || Array.Exists(report.Entries, static entry => entry.Requests < 0 || entry.Connections < 0) ? LoadRefusal.Counts
        : report.Outcomes.Length > PoolLoadMachine.MaxEntries || Array.Exists(report.Outcomes, static outcome => !IsPossible(outcome)) ? LoadRefusal.Outcomes
        : LoadRefusal.None;

    private static bool IsPossible(in OutcomeEntry outcome) =>
        outcome is { Run: >= 0, Counters: var counters }
        && counters.GatewayFailures >= 0
        && counters.ServerErrors >= counters.GatewayFailures
        && counters.Answers >= counters.ServerErrors
        && counters.HeadTime >= TimeSpan.Zero;
}
