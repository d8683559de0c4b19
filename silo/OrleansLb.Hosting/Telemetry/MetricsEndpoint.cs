using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OrleansLb.Hosting.Status;
using OrleansLb.Hosting.Status.Access;

namespace OrleansLb.Hosting.Telemetry;

/// <summary>Lets Prometheus read the process' meters from the status server.</summary>
internal sealed class MetricsEndpoint(MeterProvider meters, IOptions<StatusOptions> options) : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        var metrics = endpoints.MapPrometheusScrapingEndpoint("/metrics", meters, null, null);
        if (!options.Value.MetricsNeedToken)
            metrics.ForEverybody();
    }
}
