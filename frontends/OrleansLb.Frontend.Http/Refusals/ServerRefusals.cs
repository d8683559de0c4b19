using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Http1;
using OrleansLb.Frontend.Http.Limits;

namespace OrleansLb.Frontend.Http.Refusals;

/// <summary>
/// Hears which requests the server refuses before anybody else knows them, so that they are counted, logged and answered as those that we refuse. It stands between the server and the host's listener
/// to all that happens, and is none itself: as one it would be asked several times about each good request whether it wants to hear of that.
/// </summary>
internal sealed class ServerRefusals(DiagnosticListener listener, RejectionMetrics metrics, AccessLogRecorder? accessLog = null) : DiagnosticSource
{
    /// <summary>What the server calls it.</summary>
    public const string EventName = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    private const string ReadsNothingOfTheValue = "What is read of it is asked for by its type.";

    public override bool IsEnabled(string name) => name == EventName || listener.IsEnabled(name);

    [RequiresUnreferencedCode(ReadsNothingOfTheValue)]
    public override void Write(string name, object? value)
    {
        if (name == EventName && value is IFeatureCollection features)
            Refused(features);
        if (listener.IsEnabled(name))
            listener.Write(name, value);
    }

    private void Refused(IFeatureCollection features)
    {
        var response = features.GetRequiredFeature<IHttpResponseFeature>();
        // What has an answer is ours since long, and was counted by whoever refused it; what is wrong with chunks by whoever looked at them.
        if (response.HasStarted || features.Get<ChunkedRequestReader>() is { Fault: not Http1Fault.None })
            return;
        if (features.Get<IBadRequestExceptionFeature>()?.Error is not BadHttpRequestException error || ServerFaults.Of(error, features) is not { } fault)
            return;
        metrics.Rejected(features, fault.Reason);
        accessLog?.Record(features, fault);
        if (response.StatusCode != fault.Status)
            Answer(features, response, fault.Status);
    }

    /// <summary>The server would put its own status back, but for an answer that has begun.</summary>
    private static void Answer(IFeatureCollection features, IHttpResponseFeature response, int status)
    {
        response.StatusCode = status;
        response.Headers.Allow = default;
        response.Headers.Connection = "close";
        // It has begun at once. That all of it is sent is not waited for: this is a thread of the sockets, and a client that reads nothing would hold it.
        _ = features.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync();
    }
}
