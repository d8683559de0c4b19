using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Concurrency;

namespace OrleansLb.Frontend.Concurrency;

/// <summary>Between the machine and the wire of the exchange of slots.</summary>
internal static class SlotMapping
{
    public static SlotRequest ToWire(this SlotReport report) => new()
    {
        FrontendId = report.FrontendId,
        Incarnation = report.Incarnation,
        Sequence = report.Sequence,
        AckedEpoch = report.AckedEpoch,
        IsLeaving = report.IsLeaving,
        Counts = Array.ConvertAll(report.Claims, static claim => new SlotCount(claim.Key.Value, claim.Held, claim.InUse, claim.Waiting, claim.Recent)),
    };

    public static SlotAnswer ToModel(this SlotReply reply) => new()
    {
        Epoch = reply.Epoch,
        Sequence = reply.Sequence,
        ShareParts = reply.ShareParts,
        IsScarce = reply.IsScarce,
        Grants = Array.ConvertAll(reply.Allowances, static allowance => new SlotGrant(new BackendKey(allowance.Key), allowance.Amount, allowance.Limit)),
    };
}
