using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Frontend.Leases;

/// <summary>Between the machines and the wire, on the front-end's side.</summary>
internal static class LimitWireMapping
{
    public static LimitRequest ToWire(this in RangeRequest request) => new()
    {
        FrontendId = request.Holder,
        Incarnation = request.Incarnation,
        Seq = request.Seq,
        AckedEpoch = request.AckedEpoch,
        AckedSeq = request.AckedSeq,
        LeastEpoch = request.LeastEpoch,
        Acquires = Array.ConvertAll(request.Acquires, static entry => new LimitAcquire(entry.Key.High, entry.Key.Low, entry.Cost) { MayBeGivenBack = entry.MayBeGivenBack }),
        Renewals = request.Renewals.Length == 0 ? [] : Array.ConvertAll(request.Renewals, ToWire),
        Settlements = request.Settlements.Length == 0 ? null : Array.ConvertAll(request.Settlements, ToWire),
    };

    /// <param name="reply">What the range said.</param>
    /// <param name="request">What it answers.</param>
    /// <param name="decisions">Takes the decisions, as many as there are.</param>
    public static RangeReply ToCore(this LimitReply reply, in RangeRequest request, AcquireDecision[] decisions)
    {
        for (var index = 0; index < decisions.Length; index++)
            decisions[index] = ToCore(reply.Decisions[index]);
        return reply.WithDecisions(decisions, request.Renewals);
    }

    private static RangeReply WithDecisions(this LimitReply reply, AcquireDecision[] decisions, LeaseRenewal[] renewals) => new()
    {
        Epoch = reply.Epoch,
        Seq = reply.Seq,
        IsApplied = reply.Applied,
        ShareParts = reply.ShareParts,
        Decisions = decisions,
        Grants = reply.Grants.Length == 0 ? [] : [.. reply.Grants.Zip(renewals, ToCore)],
    };

    public static LimitRangeReport ToWire(this RestoreAnswer answer) => new(
        answer.IsComplete,
        answer.NewestEpoch,
        Array.ConvertAll(answer.Rows, static row => new LimitKeyReport(row.Key.High, row.Key.Low, ToWire(row.Witness), row.Age)));

    public static LimitSlotRequest ToWire(this KeySlotReport report) => new()
    {
        FrontendId = report.FrontendId,
        Incarnation = report.Incarnation,
        Sequence = report.Sequence,
        LeastEpoch = report.LeastEpoch,
        IsWhole = report.IsWhole,
        Claims = Array.ConvertAll(report.Claims, static claim => new LimitSlotClaim(
            claim.Key.High, claim.Key.Low, claim.Numbers.Held, claim.Numbers.InUse, claim.Numbers.Waiting, claim.Numbers.Recent)),
    };

    public static KeySlotAnswer ToCore(this LimitSlotReply reply) => new()
    {
        Epoch = reply.Epoch,
        Sequence = reply.Sequence,
        ShareParts = reply.ShareParts,
        IsComplete = reply.IsComplete,
        Grants = Array.ConvertAll(reply.Grants, static grant => new KeySlotGrant(grant.Amount, grant.IsScarce, grant.MayKeep, grant.Left)),
    };

    private static LimitRenewal ToWire(LeaseRenewal renewal) => new(
        renewal.Key.High,
        renewal.Key.Low,
        renewal.Want,
        renewal.Demand,
        Array.ConvertAll(renewal.Reports, static report => new LimitGrantReport(report.Epoch, report.GrantId, report.Spent, report.Returned) { SpentAge = report.SpentAge }));

    private static LimitSettlement ToWire(ChargeSettlement settlement) => new(
        settlement.Key.High,
        settlement.Key.Low,
        settlement.Cost,
        settlement.Epoch,
        settlement.Ticket.At,
        settlement.Ticket.Mark,
        settlement.IsGivenBack);

    private static LeaseGrant ToCore(LimitGrant grant, LeaseRenewal renewal) => new(renewal.Key, grant.GrantId, grant.Amount, grant.Holders, ToCore(grant.Witness))
    {
        Length = grant.Length,
        Turns = grant.Turns ?? [],
        Quota = new LimitQuota(grant.Remaining, grant.ResetAfter),
    };

    private static AcquireDecision ToCore(LimitDecision decision) => new(decision.Admitted, decision.RetryAfter, ToCore(decision.Witness))
    {
        Delay = decision.Delay,
        Ticket = new ChargeTicket(decision.ChargedAt, decision.ChargeMark),
        Quota = new LimitQuota(decision.Remaining, decision.ResetAfter),
    };

    private static KeyWitness ToCore(LimitWitness witness) => new()
    {
        Epoch = witness.Epoch,
        Version = witness.Version,
        Tokens = witness.Tokens,
        Outstanding = witness.Outstanding,
        Previous = witness.Previous,
        Current = witness.Current,
        Elapsed = witness.Elapsed,
        Backlog = witness.Backlog,
    };

    private static LimitWitness ToWire(KeyWitness witness) => new(
        witness.Epoch,
        witness.Version,
        witness.Tokens,
        witness.Outstanding,
        witness.Previous,
        witness.Current,
        witness.Elapsed)
    {
        Backlog = witness.Backlog,
    };
}
