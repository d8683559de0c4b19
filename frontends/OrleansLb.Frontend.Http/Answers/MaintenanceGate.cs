using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.AccessLog;
using OrleansLb.Core.Networks;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>Answers for a pool that is closed, but for those who get through.</summary>
/// <param name="route">The route.</param>
/// <param name="definition">Who gets through.</param>
/// <param name="page">What the others get.</param>
/// <param name="metrics">What is counted.</param>
/// <param name="notes">What the access log is told.</param>
/// <param name="proxy">Where those go who get through.</param>
internal sealed class MaintenanceGate(string route, MaintenanceDefinition definition, Page page, AnswerMetrics metrics, RequestNotes notes, RequestDelegate proxy)
{
    private readonly NetworkSet _allowed = NetworkSet.Of(definition.AllowFrom.Select(static text => NetworkText.TryParse(text, out var network)
        ? network
        : throw new InvalidOperationException($"{text} is no network.")));

    public Task Invoke(HttpContext context)
    {
        if (_allowed.Contains(context.Connection.RemoteIpAddress))
            return proxy(context);
        metrics.Answered(route, AnswerKind.Maintenance);
        notes.Of(context)?.EndsAs(EndReason.Maintenance);
        return page.Send(context);
    }
}
