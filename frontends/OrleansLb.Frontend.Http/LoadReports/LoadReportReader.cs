using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Balancing.Orca;
using OrleansLb.Frontend.Http.Outcomes;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadReports;

/// <summary>
/// Takes what the backends of one pool report of their load out of their answers. A report is between a backend and its balancer: clients do not get it. One that
/// cannot be read is counted and changes nothing else.
/// </summary>
internal sealed class LoadReportReader(string poolId, PoolTable pools, LoadReportMetrics metrics, TimeProvider clock)
{
    /// <summary>Reads a report and keeps it from the client.</summary>
    /// <param name="context">The request.</param>
    /// <param name="fromBackend">Headers or trailers of the backend's answer.</param>
    /// <param name="toClient">What the client will get of them.</param>
    public void Take(HttpContext context, HttpHeaders fromBackend, IHeaderDictionary toClient)
    {
        var received = fromBackend.NonValidated;
        var isThere = received.TryGetValues(OrcaHeader.Name, out var inWords);
        var isThereInBinary = received.TryGetValues(OrcaHeader.BinaryName, out var inBinary);
        if (!isThere && !isThereInBinary)
            return;
        toClient.Remove(OrcaHeader.Name);
        toClient.Remove(OrcaHeader.BinaryName);
        if (context.Features.Get<BackendAttempt>() is { } attempt)
            metrics.Reported(poolId, attempt.Slot.Definition.Id, Observe(attempt.Slot, inWords, inBinary));
    }

    private string Observe(BackendSlot slot, HeaderStringValues inWords, HeaderStringValues inBinary)
    {
        // Which one would be the newest?
        if (inWords.Count + inBinary.Count > 1)
            return LoadReportMetrics.Ambiguous;
        var fault = inWords.Count == 1 ? OrcaHeader.Read(inWords.ToString(), out var report) : OrcaHeader.ReadBinary(inBinary.ToString(), out report);
        if (fault != OrcaFault.None)
            return LoadReportMetrics.OutcomeOf(fault);
        return pools.Current.TryGetValue(poolId, out var pool) && slot.Reported(report, clock.GetElapsedTime(0), pool.Definition.Balancing.LoadReports)
            ? LoadReportMetrics.Taken
            : LoadReportMetrics.Useless;
    }
}
