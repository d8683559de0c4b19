using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Registration;

/// <summary>Takes the silos' pushes for an application that only uses limits. Pools do not call it; should one, it knows of no backend.</summary>
internal sealed class LimitsObserver(IServedConfiguration served, RateLimiterTable limiters) : IFrontendObserver
{
    public Task ConfigurationChanged(long version)
    {
        served.Offer(version);
        return Task.CompletedTask;
    }

    public Task PoolChanged(EligibilityChange change) => Task.CompletedTask;

    public Task<TimeSpan?> LastAnswer(AnswerQuery query) => Task.FromResult<TimeSpan?>(null);

    public Task<EligibilityTable?> LastEligibility(string poolId) => Task.FromResult<EligibilityTable?>(null);

    public Task<DrainReport[]> ReportDrains(DrainQuery query) => Task.FromResult<DrainReport[]>([]);

    public Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) => Task.FromResult(limiters.Report(policy, range, epoch));

    public Task<SessionReport> ReportSessions(string poolId, int range, long epoch) => Task.FromResult(new SessionReport(NewestEpoch: 0, Sessions: []));

    public Task SessionsChanged(SessionChange change) => Task.CompletedTask;
}
