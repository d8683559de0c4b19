using System.Collections.Immutable;
using OrleansLb.Contracts.Health;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Probes;
using OrleansLb.Probes.Grpc;
using OrleansLb.Probes.Http;
using OrleansLb.Probes.Scripts;
using OrleansLb.Probes.Tcp;

namespace OrleansLb.Grains.Health;

/// <summary>Between the wire's probe and those that are run.</summary>
internal static class ProbeMapping
{
    private const string Tcp = "tcp";
    private const string Grpc = "grpc";
    private const string GrpcOverTls = "grpcs";

    public static ProbeRequest ToWire(this ProbeTarget target) => target switch
    {
        HttpProbeTarget http => new ProbeRequest(http.Uri, http.Host, http.Timeout)
        {
            Method = http.Method,
            Headers = ToWire(http.Headers),
            ExpectedStatus = http.ExpectedStatus.ToString(),
            BodyContains = http.BodyContains,
            Tls = ToWire(http.Tls),
        },
        GrpcProbeTarget grpc => new ProbeRequest(WithScheme(grpc.Uri, grpc.Uri.Scheme == Uri.UriSchemeHttps ? GrpcOverTls : Grpc), grpc.Host, grpc.Timeout)
        {
            Type = WireProbeType.Grpc,
            Headers = ToWire(grpc.Headers),
            Service = grpc.Service,
            Tls = ToWire(grpc.Tls),
        },
        ScriptProbeTarget script => new ProbeRequest(Address(script.Host, script.Port), null, script.Timeout)
        {
            Type = WireProbeType.Script,
            Steps = [.. script.Steps.Select(static step => new WireScriptStep((WireScriptStepKind)step.Kind, step.Text))],
        },
        TcpProbeTarget tcp => new ProbeRequest(Address(tcp.Host, tcp.Port), null, tcp.Timeout) { Type = WireProbeType.Tcp },
        _ => throw new ArgumentException($"There is no wire format for {target.Type}.", nameof(target)),
    };

    /// <exception cref="NotSupportedException">A newer silo asks for a kind of probe that this one does not know.</exception>
    public static ProbeTarget ToModel(this ProbeRequest request) => request.Type switch
    {
        WireProbeType.Http => new HttpProbeTarget(request.Uri, request.Host, request.Timeout)
        {
            Method = request.Method ?? "GET",
            Headers = ToModel(request.Headers),
            ExpectedStatus = request.ExpectedStatus is { } text && HttpStatusSet.TryParse(text, out var statuses) ? statuses : HttpStatusSet.Successful,
            BodyContains = request.BodyContains,
            Tls = ToModel(request.Tls),
        },
        WireProbeType.Grpc => new GrpcProbeTarget(
            WithScheme(request.Uri, request.Uri.Scheme == GrpcOverTls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp),
            request.Host,
            request.Service ?? "",
            request.Timeout)
        {
            Headers = ToModel(request.Headers),
            Tls = ToModel(request.Tls),
        },
        WireProbeType.Script => new ScriptProbeTarget(
            request.Uri.IdnHost,
            request.Uri.Port,
            [.. (request.Steps ?? []).Select(static step => new ScriptStep((ScriptStepKind)step.Kind, step.Text))],
            request.Timeout),
        WireProbeType.Tcp => new TcpProbeTarget(request.Uri.IdnHost, request.Uri.Port, request.Timeout),
        _ => throw new NotSupportedException($"This silo knows no probe of type {request.Type}."),
    };

    private static WireProbeTls? ToWire(ProbeTlsDefinition? tls) => tls is null ? null : new WireProbeTls(tls.Profile, tls.ServerName);

    private static ProbeTlsDefinition? ToModel(WireProbeTls? tls) => tls is null ? null : new ProbeTlsDefinition(tls.Profile, tls.ServerName);

    private static WireProbeHeader[]? ToWire(ImmutableArray<ProbeHeader> headers) =>
        headers.IsEmpty ? null : [.. headers.Select(static header => new WireProbeHeader(header.Name, header.Value))];

    private static ImmutableArray<ProbeHeader> ToModel(WireProbeHeader[]? headers) =>
        headers is null ? [] : [.. headers.Select(static header => new ProbeHeader(header.Name, header.Value))];

    private static Uri Address(string host, int port) => new UriBuilder(Tcp, host, port).Uri;

    private static Uri WithScheme(Uri uri, string scheme) => new UriBuilder(uri) { Scheme = scheme, Port = uri.Port }.Uri;
}
