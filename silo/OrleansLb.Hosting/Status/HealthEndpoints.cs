using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Status;

/// <summary>The questions an orchestrator asks.</summary>
internal sealed class HealthEndpoints(IEnumerable<IReadinessCheck> checks, StartReadinessCheck start) : IStatusEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
    private readonly IReadinessCheck[] _readiness = [.. checks];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        // Liveness asks this process only: a shared dependency that is down must not get every process restarted.
        Map(endpoints, "livez", [], "/livez", "/health/live");
        Map(endpoints, "readyz", _readiness, "/readyz", "/healthz", "/health/ready");
        Map(endpoints, "startupz", [start], "/startupz", "/health/startup");
    }

    private static void Map(IEndpointRouteBuilder endpoints, string name, IReadinessCheck[] checks, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
            endpoints.MapMethods(path, Methods, context => AnswerAsync(context, name, ReadinessReport.Of(checks))).ForEverybody();
    }

    private static Task AnswerAsync(HttpContext context, string name, ReadinessReport report)
    {
        context.Response.StatusCode = report.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        if (context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase))
            return context.Response.WriteAsJsonAsync(report, context.RequestAborted);

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(report.ToText(name, context.Request.Query.ContainsKey("verbose")), context.RequestAborted);
    }
}
