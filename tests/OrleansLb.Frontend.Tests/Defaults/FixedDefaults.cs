using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansLb.Clustering.Membership;
using OrleansLb.Clustering.Tls;
using OrleansLb.Core.Http1;
using OrleansLb.Core.Overload;
using OrleansLb.Core.ProxyProtocol;
using OrleansLb.Core.Tls;
using OrleansLb.Frontend.Http.Forwarding;
using OrleansLb.Frontend.Http.Limits;
using OrleansLb.Frontend.Http.ProxyProtocol;
using OrleansLb.Frontend.Http.RateLimiting;
using OrleansLb.Frontend.Http.Retries;
using OrleansLb.Frontend.Http.Tls;
using OrleansLb.Hosting.Tls;
using FrameLimits = OrleansLb.Core.Http2.Http2Limits;

namespace OrleansLb.Frontend.Tests.Defaults;

/// <summary>What holds everywhere, by what the page calls it.</summary>
internal static class FixedDefaults
{
    private const int Percent = 100;
    private static readonly KestrelServerOptions Kestrel = Configured();
    private static readonly ForwardingTimes Times = new();

    public static IReadOnlyDictionary<string, object?> All { get; } = new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["time to send the head"] = Kestrel.Limits.RequestHeadersTimeout,
        ["idle connection of a client"] = Kestrel.Limits.KeepAliveTimeout,
        ["pace of a body"] = Pace(Kestrel.Limits.MinRequestBodyDataRate),
        ["pace of reading the answer"] = Pace(Kestrel.Limits.MinResponseDataRate),
        ["connections at once, percent of `ulimit -n`"] = DescriptorBudget.ConnectionsOf([$"Max open files {Percent} {Percent} files"]),

        ["request line"] = Kestrel.Limits.MaxRequestLineSize,
        ["head"] = Kestrel.Limits.MaxRequestHeadersTotalSize,
        ["fields of the head"] = Kestrel.Limits.MaxRequestHeaderCount,

        ["streams at once"] = Kestrel.Limits.Http2.MaxStreamsPerConnection,
        ["fields of a head"] = Kestrel.Limits.Http2.MaxRequestHeaderFieldSize,
        ["header table"] = Kestrel.Limits.Http2.HeaderTableSize,
        ["frame"] = Kestrel.Limits.Http2.MaxFrameSize,
        ["window of a stream"] = Kestrel.Limits.Http2.InitialStreamWindowSize,
        ["window of a connection"] = Kestrel.Limits.Http2.InitialConnectionWindowSize,
        ["time over which floods are counted"] = FrameLimits.Window,
        ["streams that are reset"] = FrameLimits.Resets,
        ["settings and priorities"] = FrameLimits.Control,
        ["pings"] = FrameLimits.Pings,
        ["frames of data without any"] = FrameLimits.EmptyData,
        ["frames that go on with one head"] = FrameLimits.Continuations,

        ["`Content-Length` with `Transfer-Encoding`"] = RequestFault.LengthAndEncoding.Status,
        ["`Transfer-Encoding` other than `chunked`"] = RequestFault.Encoding.Status,
        ["`Transfer-Encoding` in HTTP/1.0"] = RequestFault.EncodingInVersion10.Status,
        ["bytes of extensions of one chunk"] = Http1Limits.ChunkExtension,
        ["extensions of a body's chunks"] = Http1Limits.ChunkExtensions,
        ["trailers"] = Http1Limits.Trailers,
        ["name of a field that is no token"] = RequestFault.FieldName.Status,
        ["path that two readers may read differently"] = RequestFault.Path.Status,
        ["methods `TRACE` and `CONNECT`"] = RequestFault.Method.Status,

        ["cipher suites, all with forward secrecy and authenticated encryption"] = ((Array)Private(typeof(TlsOffer), "Ciphers")).Length,
        ["sessions of TLS 1.3 are resumed"] = Handshake.DependsOnGreeting(new TlsOptions()),
        ["greeting that is looked at for it"] = ClientHello.Longest,
        ["time for a handshake"] = Handshake.Limit,
        ["`X-Forwarded-For` of a client itself"] = HopByHop.OfRequest("X-Forwarded-For") == FieldKind.Dropped ? "replaced" : "passed on",
        ["time for its header"] = Private(typeof(ProxyProtocolGate), "Limit"),
        ["length of its header"] = ProxyHeader.Longest,

        ["time to connect"] = Times.Connect,
        ["time until the head of the answer"] = Times.Head,
        ["time between two bytes of the body"] = Times.Body,
        ["head of an answer"] = Http1Limits.Head,
        ["fields of an answer"] = Http1Limits.Fields,
        ["idle connection to a backend"] = Times.Idle,
        ["age of a connection to a backend"] = Times.Life,
        ["kept connections to one backend"] = Private(typeof(ConnectionPool), "MostIdle"),
        ["other backends when no connection could be made"] = Private(typeof(RetryTurn), "MostNotConnected"),

        ["answer beyond a rate limit"] = StatusOfALimit(),
        ["part of it from which requests are refused"] = OverloadMachine.RequestsAbove * Percent,
        ["part of it from which connections are refused"] = OverloadMachine.ConnectionsAbove * Percent,
        ["handshakes from one address that prove nothing, in 10 s"] = ClusterTlsOptions.MostUnproven,
        ["longest message between silos and front-ends"] = LargestMessage(),
        ["answers name the software"] = Kestrel.AddServerHeader,
    };

    private static KestrelServerOptions Configured()
    {
        var kestrel = new KestrelServerOptions();
        HttpListenerDefaults.Apply(kestrel);
        return kestrel;
    }

    private static string? Pace(MinDataRate? rate) => rate is null ? null : string.Create(CultureInfo.InvariantCulture, $"{rate.BytesPerSecond} B/s after {rate.GracePeriod.TotalSeconds} s");

    private static int StatusOfALimit()
    {
        var context = new DefaultHttpContext();
        Assert.True(RateLimitRejection.Write(context, policy: null, TimeSpan.FromSeconds(1)).IsCompletedSuccessfully);
        return context.Response.StatusCode;
    }

    private static int LargestMessage()
    {
        using var services = new ServiceCollection().AddFastFailureDetection().BuildServiceProvider();
        return services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value.MaxMessageBodySize;
    }

    // Nobody but its own class needs it.
    private static object Private(Type type, string name) =>
        type.GetField(name, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)?.GetValue(null) ?? throw new InvalidOperationException($"{type} has no {name}.");
}
