using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Core.AccessLog;
using OrleansLb.Core.Http1;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Frontend.Http.Http1;
using OrleansLb.Frontend.Http.Refusals;
using OrleansLb.Hosting.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Counts the requests that were refused before any backend was dialled, and says it of them; bodies that were none; and the connections that were refused before any request.</summary>
internal sealed class RejectionMetrics
{
    public const string MeterName = RejectionCounter.MeterName;

    public const string BodyTooLarge = "limit.body";
    public const string AccessDenied = "access.denied";
    public const string CountryUnknown = "access.country_unknown";
    public const string NoTlsProfile = "tls.profile";
    public const string NoMemory = "overload.memory";

    private readonly RejectionCounter _rejected;
    private readonly RequestNotes _notes;
    private readonly RefusalLog _log;

    public RejectionMetrics(IMeterFactory meters, RequestNotes notes, RefusalLog log)
    {
        (_notes, _log) = (notes, log);
        _rejected = new RejectionCounter(meters);
    }

    public void Rejected(HttpContext context, EndReason end, string reason)
    {
        _notes.Of(context)?.EndsAs(end, reason);
        Rejected(context.Features, reason);
    }

    /// <summary>Counts a request that nobody but the server knows.</summary>
    public void Rejected(IFeatureCollection features, string reason)
    {
        _rejected.Count("http", reason);
        _log.Refused(features, reason);
    }

    /// <summary>Counts a request whose body turned out to be none, when a backend may have had its beginning.</summary>
    public void BodyRejected(ConnectionContext connection, string reason)
    {
        _rejected.Count("http", reason);
        _log.Refused(connection, reason);
    }

    /// <summary>Counts a request that failed because of its body, if that is for what the server found wrong with it; what is wrong with its chunks was counted when it was seen.</summary>
    public void BodyRejected(HttpContext context, IForwarderErrorFeature failure)
    {
        if (BodyFaults.ReasonOf(failure) is { } reason && context.Features.Get<ChunkedRequestReader>() is not { Fault: not Http1Fault.None })
            Rejected(context.Features, reason);
    }

    /// <summary>Counts a connection, or what a client did on it that is no request.</summary>
    public void ConnectionRejected(ConnectionContext connection, string reason)
    {
        _rejected.Count("tcp", reason);
        _log.Refused(connection, reason);
    }
}
