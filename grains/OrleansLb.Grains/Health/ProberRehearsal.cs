using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Core;
using OrleansLb.Probes;
using OrleansLb.Probes.Http;

namespace OrleansLb.Grains.Health;

/// <summary>
/// Has one connection refused when the silo starts. The first backend that dies shall be out within half a second, of which compiling the code that
/// tells of a refused connection would take a good part.
/// </summary>
internal sealed class ProberRehearsal([FromKeyedServices(Clocks.Key)] TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        // A port that is taken and not listened on refuses connections, and nobody else can begin to listen there.
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        // Of its own, so that it is counted nowhere.
        using var prober = new Prober(clock);
        await prober.Run(new HttpProbeTarget(new Uri($"http://{silent.LocalEndPoint}/"), null, TimeSpan.FromSeconds(1)), stoppingToken);
    }
}
