using System.Diagnostics.Metrics;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Grains.Diagnostics;

/// <summary>The pools' side of the load exchange.</summary>
internal sealed class ExchangeMetrics
{
    public const string MeterName = "OrleansLb.Backends";

    private readonly Counter<long> _answered;
    private readonly Counter<long> _stale;
    private readonly Counter<long> _refused;

    public ExchangeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _answered = meter.CreateCounter<long>("orleanslb.exchange.answered", "{report}", "Load reports that a pool answered.");
        _stale = meter.CreateCounter<long>("orleanslb.exchange.stale", "{report}", "Load reports that changed nothing: repeated, overtaken, or of a process that was replaced.");
        _refused = meter.CreateCounter<long>("orleanslb.exchange.refused", "{report}", "Load reports that cannot be true, of which nothing was taken in, by reason.");
    }

    public void Answered(LoadReply reply)
    {
        _answered.Add(1);
        if (reply.Refusal != LoadRefusal.None)
            _refused.Add(1, new KeyValuePair<string, object?>("reason", reply.Refusal.ToString()));
        else if (!reply.NeedFull && reply.SequenceEcho != reply.InReplyTo)
            _stale.Add(1);
    }
}
