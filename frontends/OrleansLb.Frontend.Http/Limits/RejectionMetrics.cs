using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Http.Limits;

/// <summary>Counts the requests that were refused before any backend was dialled, and notes it of them; and the connections that were before any request.</summary>
internal sealed class RejectionMetrics
{
    public const string MeterName = "OrleansLb.Frontend.Limits";

    public const string BodyTooLarge = "limit.body";
    public const string AccessDenied = "access.denied";
    public const string CountryUnknown = "access.country_unknown";
    public const string NoTlsProfile = "tls.profile";
    public const string NoMemory = "overload.memory";

    private readonly Counter<long> _rejected;
    private readonly RequestNotes _notes;

    public RejectionMetrics(IMeterFactory meters, RequestNotes notes)
    {
        _notes = notes;
        _rejected = meters.Create(MeterName).CreateCounter<long>("orleanslb.rejected", "{request}", "Requests refused before a backend was dialled.");
    }

    public void Rejected(HttpContext context, EndReason end, string reason)
    {
        _notes.Of(context)?.EndsAs(end, reason);
        Count("http", reason);
    }

    public void ConnectionRejected(string reason) => Count("tcp", reason);

    private void Count(string surface, string reason)
    {
        if (_rejected.Enabled)
            _rejected.Add(1, new("surface", surface), new("reason", reason));
    }
}
