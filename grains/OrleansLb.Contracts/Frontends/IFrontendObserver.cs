using OrleansLb.Contracts.Draining;
using OrleansLb.Contracts.Health;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Contracts.Sessions;

namespace OrleansLb.Contracts.Frontends;

/// <summary>
/// How silos call a front-end. Every push may be lost: each has a version that a later exchange or heartbeat repairs.
/// </summary>
[Alias("OrleansLb.IFrontendObserver"), GrainInterfaceType("OrleansLb.Contracts.Frontends.IFrontendObserver")]
public interface IFrontendObserver : IGrainObserver
{
    /// <summary>A newer configuration has been accepted.</summary>
    /// <param name="version">Its version.</param>
    [Alias("ConfigurationChanged"), ResponseTimeout("00:00:01")]
    Task ConfigurationChanged(long version);

    /// <summary>Backends of a pool came or went.</summary>
    /// <param name="change">What changed; a front-end that it does not fit asks the pool for the whole.</param>
    [Alias("PoolChanged"), ResponseTimeout("00:00:01")]
    Task PoolChanged(EligibilityChange change);

    /// <summary>When this front-end last had an answer from a backend: evidence against a Down.</summary>
    /// <param name="query">Which backend.</param>
    /// <returns>How long ago; <see langword="null"/> for never.</returns>
    [Alias("LastAnswer"), ResponseTimeout("00:00:00.250")]
    Task<TimeSpan?> LastAnswer(AnswerQuery query);

    /// <summary>What this front-end was last told of a pool, from which a pool that lost its silo goes on.</summary>
    /// <param name="poolId">The pool.</param>
    /// <returns>The table; <see langword="null"/> when it was told nothing yet.</returns>
    [Alias("LastEligibility"), ResponseTimeout("00:00:00.250")]
    Task<EligibilityTable?> LastEligibility(string poolId);

    /// <summary>What this front-end has in flight at backends that drain; asked until nothing is left.</summary>
    /// <param name="query">Which backends, and which of them must end what they have in flight.</param>
    /// <returns>One report for each backend that this front-end knows; one that is missing is not known to be empty.</returns>
    [Alias("ReportDrains"), ResponseTimeout("00:00:00.500")]
    Task<DrainReport[]> ReportDrains(DrainQuery query);

    /// <summary>
    /// A new activation of a range asks what this front-end knows of it. From the answer on, replies of earlier activations are
    /// not acted upon any more.
    /// </summary>
    /// <param name="policy">Name of the rate-limit policy.</param>
    /// <param name="range">Number of the range.</param>
    /// <param name="epoch">Epoch that the activation proposes.</param>
    [Alias("ReportRange"), ResponseTimeout("00:00:00.250")]
    Task<LimitRangeReport> ReportRange(string policy, int range, long epoch);

    /// <summary>
    /// A new activation of a range of learned sessions asks what this front-end remembers of it. From the answer on, replies of earlier
    /// activations are not acted upon any more.
    /// </summary>
    /// <param name="poolId">The pool.</param>
    /// <param name="range">Number of the range.</param>
    /// <param name="epoch">Epoch that the activation proposes; one that is not above what it is told asks again.</param>
    [Alias("ReportSessions"), ResponseTimeout("00:00:01")]
    Task<SessionReport> ReportSessions(string poolId, int range, long epoch);

    /// <summary>Bindings of learned sessions are not what this front-end may remember.</summary>
    /// <param name="change">Which; a front-end that it does not fit asks for each session again.</param>
    [Alias("SessionsChanged"), ResponseTimeout("00:00:01")]
    Task SessionsChanged(SessionChange change);
}
