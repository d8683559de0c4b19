using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using OpenTelemetry.Metrics;
using OrleansLb.Hosting.Status;

namespace OrleansLb.Hosting.Telemetry;

/// <summary>Lets Prometheus read the process' meters from the status server.</summary>
internal sealed class MetricsEndpoint(MeterProvider meters) : IStatusEndpoints
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPrometheusScrapingEndpoint("/metrics", meters, null, null);
}
