using System.Diagnostics;
using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>Writes spans as OTLP has them (opentelemetry/proto/collector/trace/v1, ExportTraceServiceRequest). Ours have no events and no links.</summary>
internal sealed class OtlpSpans
{
    private const uint KnowsWhoseParent = 0x100;
    private const uint ParentIsRemote = 0x200;
    private const int NanosecondsPerTick = 100;

    private readonly ProtobufWriter _message = new();

    /// <summary>Writes a batch; what it returns counts until the next.</summary>
    /// <param name="resource">Who sends it.</param>
    /// <param name="spans">The batch.</param>
    public ReadOnlyMemory<byte> Write(Resource resource, in Batch<Activity> spans)
    {
        _message.Clear();
        var all = _message.Begin(1);
        AddResource(resource);
        foreach (var span in spans)
            AddOfSource(span);
        _message.End(all);
        return _message.Written;
    }

    private void AddResource(Resource resource)
    {
        var start = _message.Begin(1);
        foreach (var (key, value) in resource.Attributes)
            AddAttribute(1, key, value);
        _message.End(start);
    }

    // A group for each span: that spans of one source stand together is nowhere asked for, and its name is short.
    private void AddOfSource(Activity span)
    {
        var group = _message.Begin(2);
        var scope = _message.Begin(1);
        _message.Add(1, span.Source.Name);
        _message.End(scope);
        var start = _message.Begin(2);
        AddIds(span);
        AddWhatAndWhen(span);
        foreach (ref readonly var attribute in span.EnumerateTagObjects())
            AddAttribute(9, attribute.Key, attribute.Value);
        AddStatus(span);
        _message.AddFixed32(16, (uint)span.ActivityTraceFlags | KnowsWhoseParent | (span.HasRemoteParent ? ParentIsRemote : 0));
        _message.End(start);
        _message.End(group);
    }

    private void AddIds(Activity span)
    {
        Span<byte> id = stackalloc byte[16];
        span.TraceId.CopyTo(id);
        _message.Add(1, id);
        span.SpanId.CopyTo(id[..8]);
        _message.Add(2, id[..8]);
        if (span.TraceStateString is { Length: > 0 } state)
            _message.Add(3, state);
        if (span.ParentSpanId == default)
            return;
        span.ParentSpanId.CopyTo(id[..8]);
        _message.Add(4, id[..8]);
    }

    private void AddWhatAndWhen(Activity span)
    {
        _message.Add(5, span.DisplayName);
        // They count from 1 where .NET counts from 0.
        _message.Add(6, (ulong)span.Kind + 1);
        _message.AddFixed64(7, Nanoseconds(span.StartTimeUtc));
        _message.AddFixed64(8, Nanoseconds(span.StartTimeUtc + span.Duration));
    }

    private void AddStatus(Activity span)
    {
        if (span.Status == ActivityStatusCode.Unset)
            return;
        var start = _message.Begin(15);
        if (span.StatusDescription is { } description)
            _message.Add(2, description);
        _message.Add(3, (ulong)span.Status);
        _message.End(start);
    }

    private void AddAttribute(int field, string key, object? value)
    {
        var start = _message.Begin(field);
        _message.Add(1, key);
        var content = _message.Begin(2);
        switch (value)
        {
            case bool truth:
                _message.Add(2, truth ? 1UL : 0);
                break;
            case int or long:
                _message.Add(3, (ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number:
                _message.AddFixed64(4, BitConverter.DoubleToUInt64Bits(number));
                break;
            default:
                _message.Add(1, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
                break;
        }

        _message.End(content);
        _message.End(start);
    }

    private static ulong Nanoseconds(DateTime time) => (ulong)(time - DateTime.UnixEpoch).Ticks * NanosecondsPerTick;
}
