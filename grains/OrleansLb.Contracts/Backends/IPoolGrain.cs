using Orleans.Concurrency;
using OrleansLb.Contracts.Agents;
using OrleansLb.Contracts.Health;

namespace OrleansLb.Contracts.Backends;

/// <summary>One pool for the whole cluster. The key is the pool's id.</summary>
[Alias("OrleansLb.IPoolGrain"), GrainInterfaceType("OrleansLb.Contracts.Backends.IPoolGrain")]
public interface IPoolGrain : IGrainWithStringKey
{
    /// <summary>Sees to it that the pool is active and watches its backends; every silo calls it every second.</summary>
    [Alias("Touch"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask Touch();

    /// <summary>A monitor has a new verdict. May be lost: the pool asks every monitor once a second.</summary>
    /// <param name="report">The verdict.</param>
    [Alias("ReportVerdict"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask ReportVerdict(VerdictReport report);

    /// <summary>A backend's agent says something new. May be lost: the pool asks every monitor of an agent once a second.</summary>
    /// <param name="report">What it says.</param>
    [Alias("ReportAgent"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask ReportAgent(AgentReport report);

    /// <summary>An administrator decided about a backend, and it is stored.</summary>
    /// <param name="backendId">The backend; one that is not configured changes nothing.</param>
    /// <param name="state">The decision.</param>
    [Alias("ApplyAdmin"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask ApplyAdmin(string backendId, WireAdminState state);

    /// <summary>An administrator decided about a backend, and it is stored; says more than <see cref="ApplyAdmin"/>.</summary>
    /// <param name="backendId">The backend; one that is not configured changes nothing.</param>
    /// <param name="decision">The decision.</param>
    [Alias("ApplyDecision"), CalledBy(Caller.Silo), ResponseTimeout("00:00:01")]
    ValueTask ApplyDecision(string backendId, BackendDecision decision);

    /// <summary>Which backends take which traffic.</summary>
    /// <param name="epoch">Epoch of the table that the caller has; 0 for none.</param>
    /// <param name="version">Version of that table.</param>
    /// <returns>The table; <see langword="null"/> when the caller has it, or when a pool that just started has not heard from its monitors yet.</returns>
    [Alias("GetEligibility"), CalledBy(Caller.Frontend), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<EligibilityTable?> GetEligibility(long epoch, long version);

    /// <summary>Takes one front-end's load in and answers with everybody's. Repeating, losing and reordering calls does no harm.</summary>
    /// <param name="request">The front-end's row, or what changed in it.</param>
    [Alias("Exchange"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.250")]
    ValueTask<ExchangeReply> Exchange(ExchangeRequest request);

    /// <summary>Takes the counts of a front-end that stops in good order out of the totals.</summary>
    /// <param name="frontendId">The front-end.</param>
    /// <param name="incarnation">The incarnation that stops; nothing more is taken of it.</param>
    [Alias("Leave"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:01")]
    ValueTask Leave([FromFrontend] string frontendId, long incarnation);

    /// <summary>
    /// Takes what one front-end holds and needs of the backends' slots and answers with what it may have. Repeating, losing and reordering
    /// calls does no harm.
    /// </summary>
    /// <param name="request">The front-end's slots, in absolute numbers.</param>
    /// <returns>
    /// The answer; <see langword="null"/> when the pool has no limit, when the front-end is not registered, or when the request is not newer than one before it.
    /// </returns>
    [Alias("ExchangeSlots"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.250")]
    ValueTask<SlotReply?> ExchangeSlots(SlotRequest request);

    /// <summary>Who holds which slots.</summary>
    /// <returns>The slots; <see langword="null"/> when the pool has no limit.</returns>
    [Alias("GetSlots"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<PoolSlotStatus?> GetSlots();

    /// <summary>Asks for the one trial of a half-open circuit. Its outcome is told with <see cref="EndTrial"/>; without that it has failed when its time is over.</summary>
    /// <param name="backendKey">The backend.</param>
    /// <returns>The trial's number; 0 when there is none to be had.</returns>
    [Alias("BeginTrial"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:00.250")]
    ValueTask<long> BeginTrial(ulong backendKey);

    /// <summary>Tells what came of a trial; of one that is over nothing is taken.</summary>
    /// <param name="backendKey">The backend.</param>
    /// <param name="trial">The trial's number.</param>
    /// <param name="outcome">What came of it.</param>
    [Alias("EndTrial"), CalledBy(Caller.Frontend), ResponseTimeout("00:00:01")]
    ValueTask EndTrial(ulong backendKey, long trial, WireTrialOutcome outcome);

    /// <summary>All that the pool knows.</summary>
    [Alias("GetStatus"), CalledBy(Caller.Silo), AlwaysInterleave, ResponseTimeout("00:00:01")]
    ValueTask<PoolStatus> GetStatus();
}
