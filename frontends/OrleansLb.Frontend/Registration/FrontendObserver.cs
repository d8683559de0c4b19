using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Contracts.Sessions;
using OrleansLb.Frontend.Draining;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Sessions;

namespace OrleansLb.Frontend.Registration;

/// <summary>Takes the silos' pushes and hands each to the part it concerns.</summary>
internal sealed class FrontendObserver(
    IServedConfiguration served,
    PoolHealthFollower health,
    PoolHealthWitness witness,
    BackendDrains drains,
    RateLimiterTable limiters,
    LearnedSessions sessions) : IFrontendObserver
{
    public Task ConfigurationChanged(long version)
    {
        served.Offer(version);
        return Task.CompletedTask;
    }

    public Task PoolChanged(EligibilityChange change)
    {
        health.Take(change);
        return Task.CompletedTask;
    }

    public Task<TimeSpan?> LastAnswer(AnswerQuery query) => Task.FromResult(witness.LastAnswer(query));

    public Task<EligibilityTable?> LastEligibility(string poolId) => Task.FromResult(witness.LastEligibility(poolId));

    public Task<DrainReport[]> ReportDrains(DrainQuery query) => Task.FromResult(drains.Report(query));

    public Task<LimitRangeReport> ReportRange(string policy, int range, long epoch) => Task.FromResult(limiters.Report(policy, range, epoch));

    public Task<SessionReport> ReportSessions(string poolId, int range, long epoch) => Task.FromResult(sessions.Report(poolId, range, epoch));

    public Task SessionsChanged(SessionChange change)
    {
        sessions.Take(change);
        return Task.CompletedTask;
    }
}
