using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Hosting.Telemetry;

namespace OrleansLb.Hosting.Status.Access;

/// <summary>Counts refusals and says in the log who changed what, with how it ended.</summary>
internal sealed partial class RequestRecord([FromKeyedServices(Clocks.Key)] TimeProvider clock, RejectionCounter rejections, ILogger<RequestRecord> logger)
{
    private const string Surface = "admin";
    private const int LongestTarget = 256;

    private readonly LineBudget _lines = new(clock);

    /// <summary>Notes a request that has ended.</summary>
    public void Ended(HttpContext context)
    {
        var status = context.Response.StatusCode;
        var reason = context.Features.Get<StatusRefusal>()?.Reason ?? ReasonOf(status);
        if (context.Features.Get<AuditedChange>() is { } change)
            LogChange(logger, change.By, PeerOf(context), context.Request.Method, TargetOf(context), status);
        if (reason is null)
            return;
        rejections.Count(Surface, reason);
        if (logger.IsEnabled(LogLevel.Warning) && _lines.Take(reason))
            LogRefused(logger, context.Request.Method, TargetOf(context), PeerOf(context), status, reason);
    }

    /// <summary>What the server or an endpoint refuses by itself.</summary>
    private static string? ReasonOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => "admin.request",
        StatusCodes.Status405MethodNotAllowed => "admin.method",
        StatusCodes.Status413PayloadTooLarge => "admin.body",
        _ => null,
    };

    private static string PeerOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => "nowhere",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };

    /// <summary>What was asked for, as it came but for what would be more than a line: names of ours are in it, and no secrets.</summary>
    private static string TargetOf(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var text = target.Length > LongestTarget ? target.AsSpan(0, LongestTarget) : target;
        return string.Create(text.Length, text, static (line, from) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = from[i] is > ' ' and <= '~' ? from[i] : '?';
        });
    }
}
