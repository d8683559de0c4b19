using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Contracts.Sessions;

namespace OrleansLb.Testing.Frontends;

/// <summary>A front-end that takes every push and has nothing to say; a test overrides what it is about.</summary>
public class SilentFrontend : IFrontendObserver
{
    public virtual Task ConfigurationChanged(long version) => Task.CompletedTask;

    public virtual Task PoolChanged(EligibilityChange change) => Task.CompletedTask;

    public virtual Task<TimeSpan?> LastAnswer(AnswerQuery query) => Task.FromResult<TimeSpan?>(null);

    public virtual Task<EligibilityTable?> LastEligibility(string poolId) => Task.FromResult<EligibilityTable?>(null);

    public virtual Task<DrainReport[]> ReportDrains(DrainQuery query) => Task.FromResult<DrainReport[]>([]);

    /// <inheritdoc/>
    public virtual Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) =>
        Task.FromResult(new LimitRangeReport(IsComplete: true, NewestEpoch: 0, Keys: []));

    /// <inheritdoc/>
    public virtual Task<SessionReport> ReportSessions(string poolId, int range, long epoch) => Task.FromResult(new SessionReport(0, []));

    /// <inheritdoc/>
    public virtual Task SessionsChanged(SessionChange change) => Task.CompletedTask;
}
