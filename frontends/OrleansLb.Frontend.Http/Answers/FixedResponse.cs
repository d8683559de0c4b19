using Microsoft.AspNetCore.Http;
using OrleansLb.Core.AccessLog;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>An answer of the route's own.</summary>
/// <param name="route">The route.</param>
/// <param name="page">What it answers.</param>
/// <param name="metrics">What is counted.</param>
/// <param name="notes">What the access log is told.</param>
internal sealed class FixedResponse(string route, Page page, AnswerMetrics metrics, RequestNotes notes) : IRouteAnswer
{
    public Task Send(HttpContext context)
    {
        metrics.Answered(route, AnswerKind.Response);
        notes.Of(context)?.EndsAs(EndReason.Answered);
        return page.Send(context);
    }
}
