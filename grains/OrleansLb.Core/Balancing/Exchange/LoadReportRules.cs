namespace OrleansLb.Core.Balancing.Exchange;

/// <summary>What every report must satisfy, whoever sent it: the totals are everybody's.</summary>
internal static class LoadReportRules
{
    public static void Check(LoadReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentException.ThrowIfNullOrEmpty(report.FrontendId);
        ArgumentOutOfRangeException.ThrowIfLessThan(report.Sequence, 1);
        ArgumentOutOfRangeException.ThrowIfEqual(report.Sequence, long.MaxValue);
        ArgumentOutOfRangeException.ThrowIfNegative(report.BaseSequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(report.BaseSequence, report.Sequence);
        ArgumentOutOfRangeException.ThrowIfNegative(report.AckedVersion);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(report.AckedEpoch.Number, PoolEpoch.MaxNumber);
        ArgumentOutOfRangeException.ThrowIfLessThan(report.Tau, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(report.Entries.Length, PoolLoadMachine.MaxEntries);
        foreach (var entry in report.Entries)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(entry.Requests);
            ArgumentOutOfRangeException.ThrowIfNegative(entry.Connections);
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(report.Outcomes.Length, PoolLoadMachine.MaxEntries);
        foreach (var outcome in report.Outcomes)
            Check(outcome);
    }

    private static void Check(in OutcomeEntry outcome)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(outcome.Run);
        ArgumentOutOfRangeException.ThrowIfNegative(outcome.Counters.GatewayFailures);
        ArgumentOutOfRangeException.ThrowIfLessThan(outcome.Counters.ServerErrors, outcome.Counters.GatewayFailures);
        ArgumentOutOfRangeException.ThrowIfLessThan(outcome.Counters.Answers, outcome.Counters.ServerErrors);
        ArgumentOutOfRangeException.ThrowIfLessThan(outcome.Counters.HeadTime, TimeSpan.Zero);
    }
}
