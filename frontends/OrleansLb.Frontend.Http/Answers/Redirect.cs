using Microsoft.AspNetCore.Http;
using OrleansLb.Configuration;
using OrleansLb.Core.AccessLog;
using OrleansLb.Core.Redirects;
using OrleansLb.Frontend.Http.AccessLog;

namespace OrleansLb.Frontend.Http.Answers;

/// <summary>Sends clients elsewhere.</summary>
internal sealed class Redirect : IRouteAnswer
{
    private readonly string _route;
    private readonly RedirectDefinition _definition;
    private readonly RedirectTemplate _location;
    private readonly AnswerMetrics _metrics;
    private readonly RequestNotes _notes;

    public Redirect(string route, RedirectDefinition definition, AnswerMetrics metrics, RequestNotes notes)
    {
        (_route, _definition, _metrics, _notes) = (route, definition, metrics, notes);
        _location = RedirectTemplate.TryParse(definition.Location, out var template, out var fault)
            ? template
            : throw new InvalidOperationException($"The location of route {route} {fault}.");
    }

    /// <summary>Whether a request is where it should be.</summary>
    public bool IsThere(HttpContext context) => _definition.Unless is { } scheme && string.Equals(context.Request.Scheme, scheme, StringComparison.OrdinalIgnoreCase);

    public Task Send(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (IsThere(context))
        {
            // Nobody is behind it, and sent to where it is it would come again.
            _notes.Of(context)?.EndsAs(EndReason.NoRoute);
            response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (_location.Expand(request.Scheme, request.Host.Host, (request.PathBase + request.Path).ToUriComponent(), request.QueryString.ToUriComponent()) is not { } location)
        {
            _notes.Of(context)?.EndsAs(EndReason.Refused);
            response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        _metrics.Answered(_route, AnswerKind.Redirect);
        _notes.Of(context)?.EndsAs(EndReason.Redirected);
        response.StatusCode = _definition.Status;
        response.Headers.Location = location;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
