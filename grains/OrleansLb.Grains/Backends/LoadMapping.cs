using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Retries;

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
        Entries = Array.ConvertAll(request.Entries ?? [], static entry => new LoadEntry(new BackendKey(entry.Key), entry.Requests, entry.Connections)),
        Outcomes = request.Outcomes is { Length: > 0 } outcomes ? Array.ConvertAll(outcomes, ToModel) : [],
        Retries = request.Retries is { } retries ? new RetryTally(retries.Requests, retries.Repeated, retries.Denied, retries.Left) : null,
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
        Fleet = reply.Traffic.Fleet,
        Totals = Array.ConvertAll(reply.Totals, static total => total.ToWire()),
        EligibilityEpoch = eligibility.Epoch,
        EligibilityVersion = eligibility.Version,
        Refusal = (WireLoadRefusal)reply.Refusal,
        Latencies = reply.Latencies.Length == 0 ? null : Array.ConvertAll(reply.Latencies, static latency => new LatencyMean(latency.Key.Value, latency.Mean.Ticks)),
    };

    public static RetryCount ToWire(this RetryTally retries) => new(retries.Requests, retries.Repeated, retries.Denied, retries.Left);

    public static LoadCount ToWire(this LoadEntry entry) => new(entry.Key.Value, entry.Requests, entry.Connections);

    private static OutcomeEntry ToModel(OutcomeCount outcome) => new(
        new BackendKey(outcome.Key),
        new OutcomeCounters(outcome.Answers, outcome.GatewayFailures, outcome.ServerErrors, new TimeSpan(outcome.HeadTicks)),
        outcome.Run);
}
