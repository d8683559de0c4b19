using System.Globalization;
using Microsoft.Extensions.Configuration;
using OpenTelemetry.Exporter;

namespace OrleansLb.Hosting.Telemetry.Otlp;

/// <summary>Where and how a signal is sent, by the variables of OpenTelemetry's specification. What is said of that signal wins over what is said of all.</summary>
/// <param name="Protocol">What is spoken with the collector.</param>
/// <param name="Endpoint">The collector's address for the signal.</param>
/// <param name="Headers">Fields that it wants, such as a key, as the variable has them.</param>
/// <param name="Timeout">How long it may take for one batch.</param>
/// <param name="IsCompressed">Whether batches are compressed.</param>
internal sealed record OtlpSettings(OtlpExportProtocol Protocol, Uri Endpoint, string? Headers, TimeSpan Timeout, bool IsCompressed)
{
    private const string OverHttp = "http/protobuf";
    private const string OverGrpc = "grpc";
    private const string DefaultHttp = "http://localhost:4318";
    private const string DefaultGrpc = "http://localhost:4317";
    private const int DefaultTimeoutMs = 10_000;

    /// <summary>The collector as it may be shown: without a user and without a query.</summary>
    public string Shown => $"{Endpoint.Scheme}://{Endpoint.Authority}{Endpoint.AbsolutePath}";

    /// <summary>Reads them.</summary>
    /// <param name="configuration">Configuration of the process, with its environment.</param>
    /// <param name="signal">What is sent.</param>
    /// <param name="mistakes">Takes what is wrong, by variable; the defaults stand in for it.</param>
    public static OtlpSettings Read(IConfiguration configuration, OtlpSignal signal, ICollection<string> mistakes)
    {
        var protocol = ProtocolOf(configuration, signal, mistakes);
        return new OtlpSettings(protocol, EndpointOf(configuration, signal, protocol, mistakes), HeadersOf(configuration, signal, mistakes), TimeoutOf(configuration, signal, mistakes), IsCompressedBy(configuration, signal, mistakes));
    }

    /// <summary>Tells an exporter.</summary>
    public OtlpExporterOptions Apply(OtlpExporterOptions options)
    {
        (options.Protocol, options.Endpoint, options.Headers) = (Protocol, Endpoint, Headers);
        options.TimeoutMilliseconds = (int)Timeout.TotalMilliseconds;
        options.Compression = IsCompressed ? OtlpExportCompression.GZip : OtlpExportCompression.None;
        return options;
    }

    private static OtlpExportProtocol ProtocolOf(IConfiguration configuration, OtlpSignal signal, ICollection<string> mistakes)
    {
        if (Find(configuration, signal, "PROTOCOL") is not var (key, value) || value == OverHttp)
            return OtlpExportProtocol.HttpProtobuf;
        if (value != OverGrpc)
            mistakes.Add($"{key}: '{value}' is neither {OverHttp} nor {OverGrpc}");
        return OtlpExportProtocol.Grpc;
    }

    private static Uri EndpointOf(IConfiguration configuration, OtlpSignal signal, OtlpExportProtocol protocol, ICollection<string> mistakes)
    {
        var (isGrpc, usual) = protocol == OtlpExportProtocol.Grpc ? (true, DefaultGrpc) : (false, DefaultHttp);
        var (key, value) = Find(configuration, signal, "ENDPOINT") ?? ("", usual);
        if (!Uri.TryCreate(value, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            mistakes.Add($"{key}: '{value}' is no address that begins with http:// or https://");
            return new Uri(usual);
        }

        // That of one signal is the whole address, and with gRPC the exporter knows the rest.
        return isGrpc || key.Contains(signal.Name, StringComparison.Ordinal) ? address : new Uri($"{value.TrimEnd('/')}/{signal.Path}");
    }

    private static string? HeadersOf(IConfiguration configuration, OtlpSignal signal, ICollection<string> mistakes)
    {
        if (Find(configuration, signal, "HEADERS") is not var (key, value))
            return null;
        using var probe = new HttpRequestMessage();
        foreach (var pair in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var end = pair.IndexOf('=', StringComparison.Ordinal);
            var name = end > 0 ? Uri.UnescapeDataString(pair[..end].Trim()) : "";
            // What is wrong may be a key, and is not repeated.
            if (name.Length == 0 || !probe.Headers.TryAddWithoutValidation(name, ""))
                mistakes.Add($"{key}: a part of it is no field such as name=value");
        }

        return value;
    }

    private static TimeSpan TimeoutOf(IConfiguration configuration, OtlpSignal signal, ICollection<string> mistakes)
    {
        if (Find(configuration, signal, "TIMEOUT") is not var (key, value))
            return TimeSpan.FromMilliseconds(DefaultTimeoutMs);
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0)
            return TimeSpan.FromMilliseconds(milliseconds);
        mistakes.Add($"{key}: '{value}' is no number of milliseconds");
        return TimeSpan.FromMilliseconds(DefaultTimeoutMs);
    }

    private static bool IsCompressedBy(IConfiguration configuration, OtlpSignal signal, ICollection<string> mistakes)
    {
        if (Find(configuration, signal, "COMPRESSION") is not var (key, value))
            return false;
        if (value is not ("gzip" or "none"))
            mistakes.Add($"{key}: '{value}' is neither gzip nor none");
        return value == "gzip";
    }

    private static (string Key, string Value)? Find(IConfiguration configuration, OtlpSignal signal, string name)
    {
        foreach (var key in new[] { $"OTEL_EXPORTER_OTLP_{signal.Name}_{name}", $"OTEL_EXPORTER_OTLP_{name}" })
        {
            // An empty variable is as good as none, by the specification.
            if (configuration[key] is { Length: > 0 } value)
                return (key, value);
        }

        return null;
    }
}
