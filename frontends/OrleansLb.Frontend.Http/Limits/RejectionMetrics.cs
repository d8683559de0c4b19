using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.AccessLog;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Counts the requests that were refused before any backend was dialled, and notes it of them; bodies that were none; and the connections that were refused before any request.</summary>
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

    public RejectionMetrics(IMeterFactory meters, RequestNotes notes)
    {
        _notes = notes;
        _rejected = new RejectionCounter(meters);
    }

    public void Rejected(HttpContext context, EndReason end, string reason)
    {
        _notes.Of(context)?.EndsAs(end, reason);
        _rejected.Count("http", reason);
    }

    /// <summary>Counts a request whose body turned out to be none, when a backend may have had its beginning.</summary>
    public void BodyRejected(string reason) => _rejected.Count("http", reason);

    public void ConnectionRejected(string reason) => _rejected.Count("tcp", reason);
}
