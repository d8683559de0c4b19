using System.Diagnostics.Metrics;
using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Grains.Diagnostics;

/// <summary>The pools' side of the load exchange.</summary>
internal sealed class ExchangeMetrics
{
    public const string MeterName = "OrleansLb.Backends";

    private readonly Counter<long> _answered;
    private readonly Counter<long> _stale;

    public ExchangeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _answered = meter.CreateCounter<long>("orleanslb.exchange.answered", "{report}", "Load reports that a pool answered.");
        _stale = meter.CreateCounter<long>("orleanslb.exchange.stale", "{report}", "Load reports that changed nothing: repeated, overtaken, or of a process that was replaced.");
    }

    public void Answered(LoadReply reply)
    {
        _answered.Add(1);
        if (!reply.NeedFull && reply.SequenceEcho != reply.InReplyTo)
            _stale.Add(1);
    }
}
