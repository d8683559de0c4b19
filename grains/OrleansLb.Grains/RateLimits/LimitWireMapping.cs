using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Concurrency.Keys;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Grains.RateLimits;

/// <summary>Between the wire and the machine, on the range's side.</summary>
internal static class LimitWireMapping
{
    /// <param name="request">What a front-end says.</param>
    /// <param name="entries">Takes the requests to decide, as many as there are.</param>
    public static RangeRequest ToCore(this LimitRequest request, AcquireEntry[] entries)
    {
        for (var index = 0; index < entries.Length; index++)
            entries[index] = ToCore(request.Acquires[index]);
        return request.WithEntries(entries);
    }

    private static RangeRequest WithEntries(this LimitRequest request, AcquireEntry[] entries) => new()
    {
        Holder = request.FrontendId,
        Incarnation = request.Incarnation,
        Seq = request.Seq,
        AckedEpoch = request.AckedEpoch,
        AckedSeq = request.AckedSeq,
        Acquires = entries,
        Renewals = request.Renewals.Length == 0 ? [] : Array.ConvertAll(request.Renewals, ToCore),
        Settlements = request.Settlements is { Length: > 0 } settlements ? Array.ConvertAll(settlements, ToCore) : [],
    };

    public static LimitReply ToWire(this in RangeReply reply, int silo) => new()
    {
        Silo = silo,
        Epoch = reply.Epoch,
        Seq = reply.Seq,
        Applied = reply.IsApplied,
        ShareParts = reply.ShareParts,
        Decisions = Array.ConvertAll(reply.Decisions, ToWire),
        Grants = reply.Grants.Length == 0 ? [] : Array.ConvertAll(reply.Grants, ToWire),
    };

    public static LimitKeyUsage ToWire(this KeyUsage usage) =>
        new(usage.Key.High, usage.Key.Low, usage.Used, usage.Quota.Remaining, usage.Quota.ResetAfter);

    public static RestoreAnswer ToCore(this LimitRangeReport report) => new(
        report.IsComplete,
        report.NewestEpoch,
        Array.ConvertAll(report.Keys, static key => new RestoreRow(new RateLimitKey(key.High, key.Low), ToCore(key.Witness), key.Age)))
    {
        Slots = report.Slots is { } slots ? new KeySlotRecall(report.NewestEpoch, slots.ToCore()) : null,
    };

    public static KeySlotReport ToCore(this LimitSlotRequest request) => new()
    {
        FrontendId = request.FrontendId,
        Incarnation = request.Incarnation,
        Sequence = request.Sequence,
        LeastEpoch = request.LeastEpoch,
        IsWhole = request.IsWhole,
        Claims = Array.ConvertAll(request.Claims, static claim =>
            new KeySlotClaim(new RateLimitKey(claim.High, claim.Low), new SlotNumbers(claim.Held, claim.InUse, claim.Waiting, claim.Recent))),
    };

    public static LimitSlotReply ToWire(this KeySlotAnswer answer) => new()
    {
        Epoch = answer.Epoch,
        Sequence = answer.Sequence,
        ShareParts = answer.ShareParts,
        IsComplete = answer.IsComplete,
        Grants = Array.ConvertAll(answer.Grants, static grant => new LimitSlotGrant(grant.Amount, grant.IsScarce, grant.MayKeep, grant.Left)),
    };

    private static AcquireEntry ToCore(in LimitAcquire entry) => new(new RateLimitKey(entry.High, entry.Low), entry.Cost) { MayBeGivenBack = entry.MayBeGivenBack };

    private static LeaseRenewal ToCore(LimitRenewal renewal) => new(
        new RateLimitKey(renewal.High, renewal.Low),
        renewal.Want,
        renewal.Demand,
        Array.ConvertAll(renewal.Reports, static report => new GrantReport(report.Epoch, report.GrantId, report.Spent, report.Returned) { SpentAge = report.SpentAge }));

    private static ChargeSettlement ToCore(LimitSettlement settlement) => new(
        new RateLimitKey(settlement.High, settlement.Low),
        settlement.Cost,
        settlement.Epoch,
        new ChargeTicket(settlement.ChargedAt, settlement.ChargeMark),
        settlement.IsGivenBack);

    private static LimitDecision ToWire(AcquireDecision decision) => new(decision.IsAdmitted, decision.RetryAfter, ToWire(decision.Witness))
    {
        Delay = decision.Delay,
        Remaining = decision.Quota.Remaining,
        ResetAfter = decision.Quota.ResetAfter,
        ChargedAt = decision.Ticket.At,
        ChargeMark = decision.Ticket.Mark,
    };

    private static LimitGrant ToWire(LeaseGrant grant) => new(grant.GrantId, grant.Amount, grant.Holders, ToWire(grant.Witness))
    {
        Length = grant.Length,
        Turns = grant.Turns,
        Remaining = grant.Quota.Remaining,
        ResetAfter = grant.Quota.ResetAfter,
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
