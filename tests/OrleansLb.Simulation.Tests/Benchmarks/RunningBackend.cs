using System.Net;
using OrleansLb.BenchProcesses;
using OrleansLb.LoadGenerator.Backends;

namespace OrleansLb.Simulation.Tests.Benchmarks;

/// <summary>The plain backend on a thread of its own.</summary>
internal sealed class RunningBackend : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PlainBackend _backend;
    private readonly Task _running;

    public RunningBackend()
    {
        Address = new IPEndPoint(IPAddress.Loopback, FreePorts.Take(1)[0]);
        _backend = new PlainBackend([Address.Port]);
        _running = Task.Run(() => _backend.Run(_stop.Token));
    }

    public IPEndPoint Address { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _backend.Dispose();
        _stop.Dispose();
    }
}
