using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>
/// What every listener of a front-end grants a client before it knows anything about it. Strict enough for the open Internet; the
/// reasons stand in the documentation of limits, and the peers' values in that of defaults.
/// </summary>
public static class HttpListenerDefaults
{
    /// <summary>The longest request line, in bytes.</summary>
    internal const int RequestLine = 8 * 1024;

    private const double MinBytesPerSecond = 240;
    private static readonly TimeSpan PaceGrace = TimeSpan.FromSeconds(5);
    private static readonly LengthEncoding Length = new();

    // RFC 9112, section 2.2, lets a server take a line feed alone for the end of a line; proxies in front do not, and read one field where the server reads two.
    private const string LineFeedsEndNoLines = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>What is granted to nobody in the whole process; before the first server is made, as the framework has no option for it.</summary>
    public static void BeStrict() => AppContext.SetSwitch(LineFeedsEndNoLines, true);

    /// <summary>Applies the limits; call it before listeners are configured.</summary>
    /// <param name="kestrel">The server.</param>
    public static void Apply(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = EncodingOf;
        var limits = kestrel.Limits;
        limits.MaxRequestLineSize = RequestLine;
        limits.MaxRequestHeadersTotalSize = 32 * 1024;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxRequestBodySize = 30_000_000;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);
        limits.MinRequestBodyDataRate = new MinDataRate(MinBytesPerSecond, PaceGrace);
        limits.MinResponseDataRate = new MinDataRate(MinBytesPerSecond, PaceGrace);
        limits.MaxConcurrentConnections = DescriptorBudget.Connections;
        ApplyHttp2(limits.Http2);
        kestrel.ConfigureHttpsDefaults(static https => https.HandshakeTimeout = TimeSpan.FromSeconds(5));
    }

    // Every other field has the server's usual one.
    private static LengthEncoding? EncodingOf(string field) => string.Equals(field, HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? Length : null;

    private static void ApplyHttp2(Http2Limits limits)
    {
        limits.MaxStreamsPerConnection = 100;
        limits.HeaderTableSize = 4 * 1024;
        limits.MaxFrameSize = 16 * 1024;
        limits.MaxRequestHeaderFieldSize = 32 * 1024;
        limits.InitialStreamWindowSize = 256 * 1024;
        limits.InitialConnectionWindowSize = 1024 * 1024;
    }
}
