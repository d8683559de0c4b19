using System.Globalization;
using System.Net;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Stages;
using OrleansLb.LoadGenerator.Http2;
using OrleansLb.LoadGenerator.Load;
using OrleansLb.LoadGenerator.WebSockets;

namespace OrleansLb.EdgeBench.Scenarios;

/// <summary>Scenarios that are loads at saturation.</summary>
internal static class SaturationCases
{
    private const int Kilobyte = 1_000;
    private const int Megabyte = 1_000_000;
    private const int BodyConnections = 8;
    private const int UsualConnections = 32;
    private const int UsualBytes = 100;
    private const int ManyWebSockets = 1_000;
    private const int StreamedMessages = 100;

    // What gRPC puts before a message.
    private const int GrpcHead = 5;

    private static readonly Need OpenSsl = new(HttpLoad.TlsPackage, static () => HttpLoad.CanSpeakTls);
    private static readonly Need H2LoadProgram = new(H2Load.Package, static () => Machine.Has(H2Load.Program));

    private static readonly StagePlan Plain = new();
    private static readonly StagePlan Secure = new(Tls: true);
    private static readonly StagePlan WebSocketBackends = new(Protocol: BackendProtocol.WebSocket);
    private static readonly StagePlan Http2Backends = new(Tls: true, Protocol: BackendProtocol.Http2);
    private static readonly StagePlan GrpcBackends = new(Tls: true, Protocol: BackendProtocol.Grpc);

    public static SaturationScenario Bodies { get; } = new(
        "bodies",
        "Bodies",
        "A closed loop of 8 connections. Down is what the backend answers with, up is what the client sends.",
        [Down("1 KB", Kilobyte), Down("100 KB", 100 * Kilobyte), Down("10 MB", 10 * Megabyte), Up("1 KB", Kilobyte), Up("100 KB", 100 * Kilobyte), Up("10 MB", 10 * Megabyte)]);

    public static SaturationScenario NewConnections { get; } = new(
        "new-connections",
        "New connections",
        "A closed loop of 32 clients, each of which connects, asks once, has its answer and closes; without TLS. Connections to the backends are kept.",
        [new SaturationCase("a connection a request", static contestant => Clients(contestant, new ClientStyle(Anew: true)), Plain)]);

    public static SaturationScenario ManyConnections { get; } = new(
        "many-connections",
        "From 10 to 8,000 connections",
        "A closed loop: each connection asks again as soon as it has its answer.",
        [.. ((int[])[10, 100, 1_000, 8_000]).Select(static count => new SaturationCase(Number(count, "connections"), contestant => Clients(contestant, connections: count), Plain))]);

    public static SaturationScenario ManyBackends { get; } = new(
        "many-backends",
        "From 1 to 1,000 backends",
        "A closed loop of 32 connections, by least connections. Backends are ports of one process.",
        [.. ((int[])[1, 10, 100, 1_000]).Select(static count => new SaturationCase(Number(count, "backends"), static contestant => Clients(contestant), new StagePlan(count)))]);

    public static SaturationScenario Tls { get; } = new(
        "tls",
        "TLS",
        "A closed loop of 32 clients over TLS 1.3 (TLS_AES_128_GCM_SHA256, X25519), with the same certificate of everybody (ECDSA on P-256). Over kept connections a request costs no handshake; in the other load each "
        + "client connects, asks once, has its answer and closes. No client resumes a session: each handshake is a whole one, whatever tickets servers give out. Plain HTTP/1.1 to the backends, over connections that are kept. "
        + "What `new-connections` has without TLS, this has with it: the difference is the handshake.",
        [
            new SaturationCase("kept connections", static contestant => Clients(contestant, new ClientStyle(Tls: true)), Secure),
            new SaturationCase("a handshake a request", static contestant => Clients(contestant, new ClientStyle(Anew: true, Tls: true)), Secure),
        ],
        OpenSsl);

    public static SaturationScenario Http2 { get; } = new(
        "http2",
        "HTTP/2",
        "A closed loop by h2load: 4 connections over TLS 1.3, with 8 requests at once on each. nginx speaks no HTTP/2 to backends but for gRPC. HTTP/2 to backends is without TLS.",
        [
            new SaturationCase("HTTP/1.1 to backends", static contestant => new H2Load(contestant.SecureUrl(), new H2LoadPlan(UsualBytes)), Secure),
            new SaturationCase("HTTP/2 to backends", static contestant => new H2Load(contestant.SecureUrl(), new H2LoadPlan(UsualBytes)), Http2Backends),
        ],
        H2LoadProgram);

    public static SaturationScenario Grpc { get; } = new(
        "grpc",
        "gRPC",
        $"A closed loop by h2load: 4 connections over TLS 1.3, with 8 calls at once on each, and HTTP/2 without TLS to the backends. Messages have 100 bytes. A unary call has one each way; a stream has one up and "
        + $"{StreamedMessages} down, which the backend sends one after the other. A request is a call: figures of a stream divided by {StreamedMessages} are those of a message.",
        [Calls("unary", new GrpcQuestion(1, UsualBytes)), Calls("server streaming", new GrpcQuestion(StreamedMessages, UsualBytes))],
        H2LoadProgram);

    public static SaturationScenario WebSocket { get; } = new(
        "websocket",
        "WebSockets",
        "A closed loop, without TLS: each client sends a message of 100 bytes over its WebSocket as soon as the one before has come back. They are opened before. A request is a message that comes back, byte by byte as it was.",
        [Echo(ManyWebSockets)]);

    private static SaturationCase Down(string name, int bytes) => new(
        $"{name} down",
        contestant => Clients(contestant.Address, contestant.Get(string.Create(CultureInfo.InvariantCulture, $"/bytes/{bytes}")), BodyConnections),
        Plain,
        bytes);

    private static SaturationCase Up(string name, int bytes) => new($"{name} up", contestant => Clients(contestant.Address, contestant.Upload(bytes), BodyConnections), Plain, bytes);

    private static SaturationCase Calls(string name, GrpcQuestion question)
    {
        var (call, bytes) = (question.ToBody(), question.Messages * (GrpcHead + question.Length));
        return new SaturationCase(name, contestant => new H2Load(contestant.SecureUrl("/bench.Bench/Call"), new H2LoadPlan(bytes, Call: call)), GrpcBackends, bytes, call);
    }

    private static SaturationCase Echo(int count) => new(
        Number(count, "WebSockets"),
        contestant => Clients(contestant.Address, WebSocketMessage.FromClient(UsualBytes), count, new ClientStyle(Opening: contestant.Upgrade(), Awaited: WebSocketMessage.FromServer(UsualBytes))),
        WebSocketBackends);

    private static HttpLoad Clients(Contestant contestant, ClientStyle? style = null, int connections = UsualConnections) =>
        Clients(style?.Tls == true ? contestant.SecureAddress : contestant.Address, contestant.Get("/"), connections, style);

    private static HttpLoad Clients(IPEndPoint address, byte[] request, int connections, ClientStyle? style = null) => new(address, [.. Enumerable.Repeat(request, connections)], style);

    private static string Number(int count, string of) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {of}");
}
