using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using OrleansLb.Core.Http2;
using OrleansLb.Frontend.Tests.Tls;
using static OrleansLb.Frontend.Tests.Hostile.RawHttp2;

namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>Frames of HTTP/2 that cost their sender nothing, or make no sense. Each is answered as RFC 9113 says, no backend is asked, and others are served meanwhile.</summary>
public sealed class Http2AbuseTests : IAsyncLifetime
{
    private const uint ProtocolError = 1;
    private const uint InternalError = 2;
    private const uint FlowControlError = 3;
    private const uint StreamClosed = 5;
    private const uint FrameSizeError = 6;
    private const uint CompressionError = 9;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    // The status 200 as the static table has it.
    private const char Ok = '\u0088';

    private readonly TlsFrontend _frontend = new();
    private Backend _backend = null!;
    private HttpClient _other = null!;

    public static TheoryData<string> Nonsense => [.. Cases.Keys];

    /// <summary>What is sent after the preface, and the error that it is.</summary>
    private static Dictionary<string, (byte[] Frames, string How, uint[] Codes)> Cases { get; } = new()
    {
        ["data on no stream"] = (Frame(Data, EndStream, 0, 1), "GOAWAY", [ProtocolError]),
        ["data on an idle stream"] = (Frame(Data, EndStream, 1, 1), "GOAWAY", [ProtocolError, StreamClosed]),
        ["data with more padding than it is long"] = ([.. Open(1), .. Frame(Data, 0x8, 1, 9, 1)], "GOAWAY", [ProtocolError]),
        ["a head on no stream"] = (Frame(Headers, EndStream | EndHeaders, 0, Fields(Request())), "GOAWAY", [ProtocolError]),
        ["a head on a server's stream"] = (Get(2), "GOAWAY", [ProtocolError]),
        ["a stream with a lower number"] = ([.. Open(3), .. Get(1)], "GOAWAY", [ProtocolError, StreamClosed]),
        ["a head that depends on itself"] = (Frame(Headers, EndStream | EndHeaders | 0x20, 1, [0, 0, 0, 1, 5, .. Fields(Request())]), "GOAWAY", [ProtocolError]),
        ["a head with more padding than it is long"] = (Frame(Headers, EndStream | EndHeaders | 0x8, 1, [200, .. Fields(Request())]), "GOAWAY", [ProtocolError]),
        ["another frame within a head"] = ([.. Frame(Headers, EndStream, 1, Fields(Request())), .. Frame(Ping, 0, 0, new byte[8])], "GOAWAY", [ProtocolError]),
        ["another head within a head"] = ([.. Frame(Headers, EndStream, 1, Fields(Request())), .. Get(3)], "GOAWAY", [ProtocolError]),
        ["a head that goes on on another stream"] = ([.. Frame(Headers, EndStream, 1, Fields(Request())), .. Frame(Continuation, EndHeaders, 3)], "GOAWAY", [ProtocolError]),
        ["a continuation of nothing"] = (Frame(Continuation, EndHeaders, 1, Fields(Request())), "GOAWAY", [ProtocolError]),
        ["a priority of no stream"] = (Frame(Priority, 0, 0, new byte[5]), "GOAWAY", [ProtocolError]),
        ["a priority that depends on itself"] = (Frame(Priority, 0, 3, 0, 0, 0, 3, 1), "GOAWAY", [ProtocolError]),
        ["a priority that is short"] = (Frame(Priority, 0, 3, new byte[4]), "GOAWAY", [FrameSizeError]),
        ["a reset of no stream"] = (Number(Reset, 0, 0, 8), "GOAWAY", [ProtocolError]),
        ["a reset of an idle stream"] = (Number(Reset, 0, 1, 8), "GOAWAY", [ProtocolError]),
        ["a reset that is long"] = ([.. Open(1), .. Frame(Reset, 0, 1, new byte[5])], "GOAWAY", [FrameSizeError]),
        ["settings on a stream"] = (Frame(Settings, 0, 1), "GOAWAY", [ProtocolError]),
        ["settings of odd length"] = (Frame(Settings, 0, 0, new byte[5]), "GOAWAY", [FrameSizeError]),
        ["an acknowledgement with settings"] = (Frame(Settings, Ack, 0, 0, 3, 0, 0, 0, 1), "GOAWAY", [FrameSizeError]),
        ["a window of more than is allowed"] = (Setting(4, 0x8000_0000), "GOAWAY", [FlowControlError]),
        ["frames smaller than the smallest"] = (Setting(5, 16_383), "GOAWAY", [ProtocolError]),
        ["frames larger than the largest"] = (Setting(5, 16_777_216), "GOAWAY", [ProtocolError]),
        ["a push that is neither on nor off"] = (Setting(2, 2), "GOAWAY", [ProtocolError]),
        ["a promise of a client"] = (Frame(PushPromise, EndHeaders, 1, 0, 0, 0, 2), "GOAWAY", [ProtocolError]),
        ["a ping on a stream"] = (Frame(Ping, 0, 1, new byte[8]), "GOAWAY", [ProtocolError]),
        ["a ping that is short"] = (Frame(Ping, 0, 0, new byte[7]), "GOAWAY", [FrameSizeError]),
        ["a goodbye on a stream"] = (Frame(GoAway, 0, 1, new byte[8]), "GOAWAY", [ProtocolError]),
        ["a window that grows by nothing"] = (Number(WindowUpdate, 0, 0, 0), "GOAWAY", [ProtocolError]),
        ["a window that grows too far"] = (Number(WindowUpdate, 0, 0, 0x7fff_ffff), "GOAWAY", [FlowControlError]),
        ["a window of an idle stream"] = (Number(WindowUpdate, 0, 1, 1), "GOAWAY", [ProtocolError]),
        ["a window that is short"] = (Frame(WindowUpdate, 0, 0, new byte[3]), "GOAWAY", [FrameSizeError]),
        ["a window of a stream that grows too far"] = ([.. Open(1), .. Number(WindowUpdate, 0, 1, 0x7fff_ffff)], "RST_STREAM", [FlowControlError]),
        ["a frame larger than is allowed"] = (Frame(Data, 0, 1, new byte[16_385]), "GOAWAY", [FrameSizeError]),
        ["an index that is none"] = (Frame(Headers, EndStream | EndHeaders, 1, 0xff, 0x80, 0x80, 0x01), "GOAWAY", [CompressionError]),
        // Which the server calls an error of its own.
        ["the index 0"] = (Frame(Headers, EndStream | EndHeaders, 1, 0x80), "GOAWAY", [CompressionError, InternalError]),
        ["a text that is longer than the head"] = (Frame(Headers, EndStream | EndHeaders, 1, 0x00, 0x7f, 0x10, 0x61), "GOAWAY", [CompressionError]),
        ["a table larger than is allowed"] = (Frame(Headers, EndStream | EndHeaders, 1, [0x3f, 0xe1, 0xff, 0x03, .. Fields(Request())]), "GOAWAY", [CompressionError]),
        ["a name in capitals"] = Faulty([.. Request(), ("X-Name", "a")]),
        ["a name without a character"] = Faulty([.. Request(), ("", "a")]),
        ["a pseudo-field that is none"] = Faulty([.. Request(), (":name", "a")]),
        ["a pseudo-field of an answer"] = Faulty([.. Request(), (":status", "200")]),
        ["a pseudo-field after the others"] = Faulty([("x", "a"), .. Request()]),
        ["two paths"] = Faulty([.. Request(), (":path", "/id")]),
        ["two methods"] = Faulty([.. Request(), (":method", "GET")]),
        ["no method"] = Faulty([.. Request()[1..]]),
        ["no path"] = Faulty([.. Request()[..3]]),
        ["an empty path"] = Faulty([.. Request("")]),
        ["a path without a slash"] = Faulty([.. Request("id")]),
        ["no scheme"] = Faulty([Request()[0], .. Request()[2..]]),
        ["a field of the connection"] = Faulty([.. Request(), ("connection", "keep-alive")]),
        ["a transfer coding"] = Faulty([.. Request(), ("transfer-encoding", "chunked")]),
        ["an upgrade"] = Faulty([.. Request(), ("upgrade", "h2c")]),
        ["a keep-alive"] = Faulty([.. Request(), ("keep-alive", "timeout=5")]),
        ["a connection to a proxy"] = Faulty([.. Request(), ("proxy-connection", "keep-alive")]),
        ["te other than trailers"] = Faulty([.. Request(), ("te", "gzip")]),
        ["a length and no body"] = Faulty([.. Request(), ("content-length", "5")]),
        ["a line end in a value"] = Faulty([.. Request(), ("x", "a\r\ny: b")]),
        ["a NUL in a value"] = Faulty([.. Request(), ("x", "a\0b")]),
        ["trailers with a pseudo-field"] = ([.. Open(1), .. Frame(Headers, EndStream | EndHeaders, 1, Fields((":path", "/x")))], "REFUSED", [ProtocolError]),
        ["trailers that end nothing"] = ([.. Open(1), .. Frame(Headers, EndHeaders, 1, Fields(("x", "y")))], "REFUSED", [ProtocolError]),
    };

    public async ValueTask InitializeAsync()
    {
        _backend = await Backend.Start();
        _frontend.Add("site", _frontend.Authority.Server("example.com"));
        await _frontend.Start(new FrontendHostOptions { Services = static added => added.AddFakeLogging() }, _backend);
        _other = _frontend.Client(HttpVersion.Version20);
    }

    public async ValueTask DisposeAsync()
    {
        _other.Dispose();
        await _frontend.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Frames_ThatMakeNoSense_AreAnsweredAsTheStandardSays(string name)
    {
        var (frames, how, codes) = Cases[name];
        using var rejected = Rejected();
        await using var attacker = await Connect();

        var before = _backend.Requests;
        await attacker.Send(frames);
        var end = await attacker.Read();

        if (how == "REFUSED")
            Assert.True(end.How is "END" ? attacker.Seen is [not Ok, ..] : end.How is "GOAWAY" or "RST_STREAM", $"{end} {attacker.Seen}");
        else
            Assert.True(end.How == how && codes.Contains(end.Code), $"{end}");
        // What the server calls an error of its own is not held against the client.
        if (end is not { How: "GOAWAY", Code: InternalError })
        {
            await rejected.WaitForMeasurementsAsync(1, Soon);
            var counted = (string)Assert.Single(rejected.GetMeasurementSnapshot()).Tags["reason"]!;
            Assert.True(end.How switch { "GOAWAY" => counted == "h2.connection", "RST_STREAM" => counted == "h2.stream", _ => true }, counted);
        }

        // A request that was in order until then is under way.
        Assert.InRange(_backend.Requests - before, 0, frames.AsSpan().StartsWith(Open(1)) || frames.AsSpan().StartsWith(Open(3)) ? 1 : 0);
        await OthersAreServed();
    }

    [Theory]
    [InlineData("resets")]
    [InlineData("settings")]
    [InlineData("priorities")]
    [InlineData("pings")]
    [InlineData("empty data")]
    [InlineData("continuations")]
    [InlineData("empty continuations")]
    public async Task Flood_EndsTheConnectionWithGoAwayAndIsCounted(string flood)
    {
        using var rejected = Rejected();
        await using var attacker = await Connect();
        var reading = attacker.Read();

        for (var i = 0; i < 30_000 && await attacker.Send(Flood(flood, i)); i++)
            await OthersAreServed(every: 5_000, i);

        var end = await reading;
        // Who is cut off while it sends may hear the reset of its connection before it hears why.
        Assert.True(end.How is "GOAWAY" or "CLOSED", $"{end}");
        Assert.StartsWith("h2.", (string)Assert.Single(rejected.GetMeasurementSnapshot()).Tags["reason"]!, StringComparison.Ordinal);
        await OthersAreServed();
    }

    [Fact]
    public async Task Resets_OfStreamsThatWereBegun_ReachABackendNoMoreOftenThanIsAllowed()
    {
        await using var attacker = await Connect();
        var reading = attacker.Read();
        for (var i = 0; i < 5_000 && await attacker.Send([.. Get((2 * i) + 1, "/hold"), .. Number(Reset, 0, (2 * i) + 1, 8)]); i++)
            await OthersAreServed(every: 1_000, i);
        await reading;
        Assert.InRange(_backend.Requests, 0, Http2Limits.Resets + 6);
    }

    /// <summary>Each stream is in order until a window of it grows too far, so that it is the server who resets it (CVE-2025-8671).</summary>
    [Fact]
    public async Task Resets_ThatTheClientHasTheServerMake_ReachABackendNoMoreOftenThanItsOwn()
    {
        using var rejected = Rejected();
        await using var attacker = await Connect();
        var ends = new List<Http2End>();
        for (var i = 0; i < 5_000 && ends is [] or [.., { How: "RST_STREAM", Code: FlowControlError }]; i++)
        {
            if (!await attacker.Send([.. Get((2 * i) + 1, "/hold"), .. Number(WindowUpdate, 0, (2 * i) + 1, 0x7fff_ffff)]))
                break;
            ends.Add(await attacker.Read());
        }

        // Each was answered before the next was sent, so that they were counted one by one.
        Assert.InRange(ends.Count, Http2Limits.Resets, Http2Limits.Resets + 2);
        Assert.True(ends[^1].How is "GOAWAY" or "CLOSED", $"{ends[^1]}");
        var reasons = rejected.GetMeasurementSnapshot().Select(static each => (string)each.Tags["reason"]!).ToArray();
        Assert.Equal("h2.resets", Assert.Single(reasons, static reason => reason != "h2.stream"));
        Assert.Equal(ends.Count(static end => end.How == "RST_STREAM"), reasons.Length - 1);
        Assert.InRange(_backend.Requests, 0, Http2Limits.Resets + 2);
        await OthersAreServed();
    }

    [Fact]
    public async Task Streams_MoreThanAreAllowed_AreRefusedAndTheOthersGoOn()
    {
        using var rejected = Rejected();
        await using var attacker = await Connect();
        for (var i = 0; i < 100; i++)
            await attacker.Send(Get((2 * i) + 1, "/hold"));
        await attacker.Send(Get(201, "/id"));
        Assert.Equal(new Http2End("RST_STREAM", 7, 201), await attacker.Read());
        Assert.Equal("h2.refused_stream", Assert.Single(rejected.GetMeasurementSnapshot()).Tags["reason"]);
        Assert.Contains(_frontend.Host.Services.GetFakeLogCollector().GetSnapshot(), static line => line.Id.Name == "ConnectionRefused" && line.Message.EndsWith("was refused, h2.refused_stream.", StringComparison.Ordinal));
        await OthersAreServed();
        _backend.Release();
    }

    /// <summary>A head whose fields are one entry of the table again and again: short on the wire, and long when it is read.</summary>
    [Fact]
    public async Task Head_ThatGrowsWhenItIsRead_IsRefused()
    {
        await using var attacker = await Connect();
        byte[] entry = [0x40, 1, (byte)'x', 0x7f, 0x81, 0x1e, .. Enumerable.Repeat((byte)'a', 4_000)];
        await attacker.Send(Frame(Headers, EndStream | EndHeaders, 1, [.. Fields(Request()), .. entry, .. Enumerable.Repeat((byte)0xbe, 10_000)]));
        var end = await attacker.Read();
        Assert.True(end.How is "GOAWAY" or "RST_STREAM" || (end.How == "END" && _backend.Requests == 0), $"{end}");
        Assert.Equal(0, _backend.Requests);
        await OthersAreServed();
    }

    /// <summary>The server reads the authority alone, so that nobody behind it can read the other.</summary>
    [Fact]
    public async Task Host_BesideAnotherAuthority_IsHeardByNobody()
    {
        await using var client = await Connect();
        await client.Send(Frame(Headers, EndStream | EndHeaders, 1, Fields([.. Request("/fields/X-Forwarded-Host"), ("host", "example.org")])));
        Assert.Equal(new Http2End("END", 0, 1), await client.Read());
        Assert.Contains("example.com", client.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_OfManyRequests_IsNoAttacker()
    {
        for (var i = 0; i < 50; i++)
            await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ => Assert.Equal("a", await _other.GetStringAsync("https://example.com/id", TestContext.Current.CancellationToken))));
    }

    private static byte[] Open(int streamId) => Frame(Headers, EndHeaders, streamId, Fields([(":method", "POST"), .. Request("/length")[1..]]));

    private static byte[] Setting(byte id, uint value) => Frame(Settings, 0, 0, 0, id, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value);

    /// <summary>A request that is none: its stream or its connection ends, or it is answered with an error.</summary>
    private static (byte[] Frames, string How, uint[] Codes) Faulty((string Name, string Value)[] fields) => (Frame(Headers, EndStream | EndHeaders, 1, Fields(fields)), "REFUSED", [ProtocolError]);

    private static byte[] Flood(string flood, int i) => flood switch
    {
        "resets" => [.. Get((2 * i) + 1, "/nowhere"), .. Number(Reset, 0, (2 * i) + 1, 8)],
        "settings" => Frame(Settings, 0, 0),
        "priorities" => Frame(Priority, 0, (2 * i) + 1, 0, 0, 0, 0, 1),
        "pings" => Frame(Ping, 0, 0, new byte[8]),
        "empty data" => i == 0 ? Open(1) : Frame(Data, 0, 1),
        "continuations" => i == 0 ? Frame(Headers, EndStream, 1, Fields(Request())) : Frame(Continuation, 0, 1, Fields(("a", "b"))),
        _ => i == 0 ? Frame(Headers, EndStream, 1, Fields(Request())) : Frame(Continuation, 0, 1),
    };

    private MetricCollector<long> Rejected() => new(_frontend.Host.Services.GetRequiredService<IMeterFactory>(), "OrleansLb.Frontend.Limits", "orleanslb.rejected");

    private async Task<RawHttp2> Connect()
    {
        var connection = new RawHttp2(await _frontend.Open("example.com", static client => client.ApplicationProtocols = [SslApplicationProtocol.Http2]));
        await connection.Begin();
        return connection;
    }

    private async Task OthersAreServed(int every = 1, int i = 0)
    {
        if (i % every == 0)
            Assert.Equal("a", await _other.GetStringAsync("https://example.com/id", TestContext.Current.CancellationToken));
    }
}
