using System.Diagnostics.Metrics;
using OrleansLb.Core.Http1;

namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>Counts what the direct forwarder does, and says what connections it has.</summary>
internal sealed class ForwardingMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Forwarding";

    private readonly Counter<long> _dials;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _preConnects;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _retries;

    public ForwardingMetrics(IMeterFactory meters, ConnectionPools pools)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableUpDownCounter("orleanslb.upstream.connection.open", () => pools.Count(static pool => pool.Open), "{connection}", "Connections to backends.");
        meter.CreateObservableUpDownCounter("orleanslb.upstream.connection.idle", () => pools.Count(static pool => pool.Idle), "{connection}", "Those of them without a request.");
        _dials = meter.CreateCounter<long>("orleanslb.upstream.connection.dials", "{connection}", "Connections that were tried to be made.");
        _preConnects = meter.CreateCounter<long>("orleanslb.upstream.connection.preconnects", "{connection}", "Those of them that nobody had asked for yet.");
        _retries = meter.CreateCounter<long>("orleanslb.upstream.connection.retries", "{request}", "Requests sent again because their kept connection had ended.");
        _fallbacks = meter.CreateCounter<long>("orleanslb.upstream.fallbacks", "{request}", "Requests left to YARP's own forwarder.");
        _refused = meter.CreateCounter<long>("orleanslb.upstream.framing", "{answer}", "Answers of backends that were refused.");
    }

    public void Dialled(string outcome)
    {
        if (_dials.Enabled)
            _dials.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }

    public void PreConnected(bool succeeded)
    {
        if (_preConnects.Enabled)
            _preConnects.Add(1, new KeyValuePair<string, object?>("outcome", succeeded ? "ready" : "failed"));
    }

    public void Retried()
    {
        if (_retries.Enabled)
            _retries.Add(1);
    }

    public void FellBack(string reason)
    {
        if (_fallbacks.Enabled)
            _fallbacks.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }

    public void Refused(Http1Fault fault)
    {
        if (_refused.Enabled)
            _refused.Add(1, new KeyValuePair<string, object?>("reason", NameOf(fault)));
    }

    /// <summary>What a fault is called.</summary>
    public static string NameOf(Http1Fault fault) => fault switch
    {
        Http1Fault.StatusLine => "status_line",
        Http1Fault.LineEnd => "line_end",
        Http1Fault.FoldedLine => "folded_line",
        Http1Fault.FieldName => "field_name",
        Http1Fault.FieldValue => "field_value",
        Http1Fault.HeadTooLarge => "head_too_large",
        Http1Fault.ContentLength => "content_length",
        Http1Fault.TransferEncoding => "transfer_encoding",
        Http1Fault.LengthAndEncoding => "length_and_encoding",
        Http1Fault.Chunk => "chunk",
        Http1Fault.ChunkExtension => "chunk_extension",
        Http1Fault.TrailersTooLarge => "trailers_too_large",
        Http1Fault.InterimAnswers => "interim_answers",
        Http1Fault.Upgrade => "upgrade",
        Http1Fault.Surplus => "surplus",
        _ => "ended_early",
    };
}
