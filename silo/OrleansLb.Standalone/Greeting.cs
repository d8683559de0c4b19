using Microsoft.Extensions.Options;
using OrleansLb.Frontend.Http.Hosting;
using OrleansLb.Hosting.Status;
using OrleansLb.Standalone.Demo;

namespace OrleansLb.Standalone;

/// <summary>Says, once everything has started, what was started and what to try next.</summary>
internal sealed class Greeting(
    IHostApplicationLifetime lifetime,
    IOptions<StatusOptions> status,
    IOptions<HttpFrontendOptions> frontend,
    DemoBackends? demo = null) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Print);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Print()
    {
        var proxy = frontend.Value.Urls;
        var api = status.Value.Url;
        Console.WriteLine($"""

            OrleansLb stands alone: silo and front-end in this process.
              front-end    {proxy}
              status API   {api}/api/v1/status
              readiness    {api}/readyz?verbose
              metrics      {api}/metrics
            """);
        if (demo is not null)
            PrintDemo(demo, proxy, api);
        Console.WriteLine("\nCtrl-C drains and stops; a second Ctrl-C stops at once.\n");
    }

    private static void PrintDemo(DemoBackends demo, string proxy, string api) => Console.WriteLine($"""
          demo         {string.Join(", ", demo.Backends.Select(static backend => $"{backend.Name} on {backend.Address.Authority}"))}

        Try next:
          curl -i {proxy}/                                          balanced over the three
          curl -i {proxy}/limited                                   five requests a second for each client, then 429
          curl -s {api}/api/v1/status                               what the cluster knows
          curl -X POST {api}/api/v1/pools/demo/backends/demo-1/drain
          curl -X POST {api}/api/v1/pools/demo/backends/demo-1/activate
        Your own configuration: --config FILE
        """);
}
