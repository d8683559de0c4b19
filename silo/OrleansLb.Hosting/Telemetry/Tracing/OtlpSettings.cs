using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OrleansLb.Hosting.Telemetry.Tracing;

/// <summary>Where and how spans are sent, by the variables of OpenTelemetry's specification. What is said of traces wins over what is said of all signals.</summary>
/// <param name="Endpoint">The collector's address for traces.</param>
/// <param name="Headers">Fields that it wants, such as a key.</param>
/// <param name="Timeout">How long it may take for one batch.</param>
/// <param name="IsCompressed">Whether batches are compressed.</param>
internal sealed record OtlpSettings(Uri Endpoint, IReadOnlyList<KeyValuePair<string, string>> Headers, TimeSpan Timeout, bool IsCompressed)
{
    private const string Protocol = "http/protobuf";
    private const string Path = "v1/traces";
    private const string DefaultEndpoint = "http://localhost:4318";
    private const int DefaultTimeoutMs = 10_000;

    /// <summary>The collector as it may be shown: without a user and without a query.</summary>
    public string Shown => $"{Endpoint.Scheme}://{Endpoint.Authority}{Endpoint.AbsolutePath}";

    /// <summary>Reads them.</summary>
    /// <param name="configuration">Configuration of the process, with its environment.</param>
    /// <param name="mistakes">Takes what is wrong, by variable; the defaults stand in for it.</param>
    public static OtlpSettings Read(IConfiguration configuration, ICollection<string> mistakes)
    {
        if (Find(configuration, "PROTOCOL") is var (protocolKey, protocol) && protocol != Protocol)
            mistakes.Add($"{protocolKey}: '{protocol}' is not spoken; {Protocol} is");
        return new OtlpSettings(EndpointOf(configuration, mistakes), HeadersOf(configuration, mistakes), TimeoutOf(configuration, mistakes), IsCompressedBy(configuration, mistakes));
    }

    private static Uri EndpointOf(IConfiguration configuration, ICollection<string> mistakes)
    {
        var (key, value, isOfTraces) = Find(configuration, "ENDPOINT") is var (found, said) ? (found, said, found.Contains("TRACES", StringComparison.Ordinal)) : ("", DefaultEndpoint, false);
        if (Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
            return isOfTraces ? address : new Uri($"{value.TrimEnd('/')}/{Path}");
        mistakes.Add($"{key}: '{value}' is no address that begins with http:// or https://");
        return new Uri($"{DefaultEndpoint}/{Path}");
    }

    private static List<KeyValuePair<string, string>> HeadersOf(IConfiguration configuration, ICollection<string> mistakes)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (Find(configuration, "HEADERS") is not var (key, value))
            return headers;
        using var probe = new HttpRequestMessage();
        foreach (var pair in value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var end = pair.IndexOf('=', StringComparison.Ordinal);
            var name = end > 0 ? Uri.UnescapeDataString(pair[..end].Trim()) : "";
            // What is wrong may be a key, and is not repeated.
            if (name.Length == 0 || !probe.Headers.TryAddWithoutValidation(name, ""))
                mistakes.Add($"{key}: a part of it is no field such as name=value");
            else
                headers.Add(new(name, Uri.UnescapeDataString(pair[(end + 1)..].Trim())));
        }

        return headers;
    }

    private static TimeSpan TimeoutOf(IConfiguration configuration, ICollection<string> mistakes)
    {
        if (Find(configuration, "TIMEOUT") is not var (key, value))
            return TimeSpan.FromMilliseconds(DefaultTimeoutMs);
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0)
            return TimeSpan.FromMilliseconds(milliseconds);
        mistakes.Add($"{key}: '{value}' is no number of milliseconds");
        return TimeSpan.FromMilliseconds(DefaultTimeoutMs);
    }

    private static bool IsCompressedBy(IConfiguration configuration, ICollection<string> mistakes)
    {
        if (Find(configuration, "COMPRESSION") is not var (key, value))
            return false;
        if (value is not ("gzip" or "none"))
            mistakes.Add($"{key}: '{value}' is neither gzip nor none");
        return value == "gzip";
    }

    private static (string Key, string Value)? Find(IConfiguration configuration, string name)
    {
        foreach (var key in new[] { $"OTEL_EXPORTER_OTLP_TRACES_{name}", $"OTEL_EXPORTER_OTLP_{name}" })
        {
            // An empty variable is as good as none, by the specification.
            if (configuration[key] is { Length: > 0 } value)
                return (key, value);
        }

        return null;
    }
}
