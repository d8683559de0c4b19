using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Concurrency;

namespace OrleansLb.Grains.Backends;

/// <summary>Between the machine and the wire of the exchange of slots.</summary>
internal static class SlotMapping
{
    public static SlotReport ToModel(this SlotRequest request) => new()
    {
        FrontendId = request.FrontendId,
        Incarnation = request.Incarnation,
        Sequence = request.Sequence,
        AckedEpoch = request.AckedEpoch,
        IsLeaving = request.IsLeaving,
        Claims = Array.ConvertAll(request.Counts, static count => new SlotClaim(new BackendKey(count.Key), count.Held, count.InUse, count.Waiting, count.Recent)),
    };

    public static SlotReply ToWire(this SlotAnswer answer) => new()
    {
        Epoch = answer.Epoch,
        Sequence = answer.Sequence,
        ShareParts = answer.ShareParts,
        IsScarce = answer.IsScarce,
        Allowances = Array.ConvertAll(answer.Grants, static grant => new SlotAllowance(grant.Key.Value, grant.Amount, grant.Limit)),
    };
}
