using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Contracts.Health;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Frontend.Draining;
using OrleansLb.Frontend.Health;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Registration;

/// <summary>Takes the silos' pushes and hands each to the part it concerns.</summary>
internal sealed class FrontendObserver(
    IServedConfiguration served,
    PoolHealthFollower health,
    PoolHealthWitness witness,
    BackendDrains drains,
    RateLimiterTable limiters) : IFrontendObserver
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
}
