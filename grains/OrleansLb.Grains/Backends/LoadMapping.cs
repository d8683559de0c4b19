using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Grains.Backends;

/// <summary>Between the wire of the exchange and the machine.</summary>
internal static class LoadMapping
{
    public static LoadReport ToModel(this ExchangeRequest request) => new()
    {
        FrontendId = request.FrontendId,
        Incarnation = request.Incarnation,
        Sequence = request.Sequence,
        BaseSequence = request.BaseSequence,
        AckedEpoch = new PoolEpoch(request.AckedEpoch.Number, request.AckedEpoch.SiloIdentity),
        AckedVersion = request.AckedVersion,
        Tau = request.Tau,
        Counters = new TrafficCounters(request.Arrivals, request.Completions, request.ServiceTime),
        Entries = Array.ConvertAll(request.Entries, static entry => new LoadEntry(new BackendKey(entry.Key), entry.Requests, entry.Connections)),
    };

    public static ExchangeReply ToWire(this LoadReply reply, (long Epoch, long Version) eligibility) => new()
    {
        Epoch = new LoadEpoch(reply.Epoch.Number, reply.Epoch.SiloIdentity),
        Version = reply.Version,
        BaseVersion = reply.BaseVersion,
        Incarnation = reply.Incarnation,
        InReplyTo = reply.InReplyTo,
        SequenceEcho = reply.SequenceEcho,
        RequestsLapsed = reply.RequestsLapsed,
        NeedFull = reply.NeedFull,
        IsComplete = reply.IsComplete,
        ArrivalRate = reply.Traffic.ArrivalRate,
        ReaderArrivalRate = reply.Traffic.ReaderArrivalRate,
        MeanServiceTime = reply.Traffic.MeanServiceTime,
        Frontends = reply.Traffic.Frontends,
        Totals = Array.ConvertAll(reply.Totals, static total => total.ToWire()),
        EligibilityEpoch = eligibility.Epoch,
        EligibilityVersion = eligibility.Version,
    };

    public static LoadCount ToWire(this LoadEntry entry) => new(entry.Key.Value, entry.Requests, entry.Connections);
}
