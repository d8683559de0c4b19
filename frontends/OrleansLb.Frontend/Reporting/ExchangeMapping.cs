using OrleansLb.Contracts.Backends;
using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Frontend.Reporting;

/// <summary>Between the machine and the wire of the exchange.</summary>
internal static class ExchangeMapping
{
    public static ExchangeRequest ToWire(this LoadReport report) => new()
    {
        FrontendId = report.FrontendId,
        Incarnation = report.Incarnation,
        Sequence = report.Sequence,
        BaseSequence = report.BaseSequence,
        AckedEpoch = new LoadEpoch(report.AckedEpoch.Number, report.AckedEpoch.SiloIdentity),
        AckedVersion = report.AckedVersion,
        Tau = report.Tau,
        Arrivals = report.Counters.Arrivals,
        Completions = report.Counters.Completions,
        ServiceTime = report.Counters.ServiceTime,
        Entries = Array.ConvertAll(report.Entries, static entry => new LoadCount(entry.Key.Value, entry.Requests, entry.Connections)),
        Outcomes = report.Outcomes.Length == 0 ? null : Array.ConvertAll(report.Outcomes, ToWire),
        Retries = report.Retries is { } retries ? new RetryCount(retries.Requests, retries.Repeated, retries.Denied, retries.Left) : null,
    };

    public static LoadReply ToModel(this ExchangeReply reply) => new()
    {
        Epoch = new PoolEpoch(reply.Epoch.Number, reply.Epoch.SiloIdentity),
        Version = reply.Version,
        BaseVersion = reply.BaseVersion,
        Incarnation = reply.Incarnation,
        InReplyTo = reply.InReplyTo,
        SequenceEcho = reply.SequenceEcho,
        RequestsLapsed = reply.RequestsLapsed,
        NeedFull = reply.NeedFull,
        IsComplete = reply.IsComplete,
        Traffic = new PoolTraffic(reply.ArrivalRate, reply.ReaderArrivalRate, reply.MeanServiceTime, reply.Frontends) { Fleet = reply.Fleet },
        Totals = Array.ConvertAll(reply.Totals, static total => new LoadEntry(new BackendKey(total.Key), total.Requests, total.Connections)),
        Refusal = (LoadRefusal)reply.Refusal,
        Latencies = reply.Latencies is { Length: > 0 } latencies
            ? Array.ConvertAll(latencies, static latency => new BackendLatency(new BackendKey(latency.Key), new TimeSpan(latency.Ticks)))
            : [],
    };

    private static OutcomeCount ToWire(OutcomeEntry outcome) => new(
        outcome.Key.Value,
        outcome.Counters.Answers,
        outcome.Counters.GatewayFailures,
        outcome.Counters.ServerErrors,
        outcome.Run,
        outcome.Counters.HeadTime.Ticks);
}
