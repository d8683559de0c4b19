namespace OrleansLb.Standalone.Demo;

/// <summary>The three backends of the demo; they end with the process, after the front-end.</summary>
internal sealed class DemoBackends : IHostedService
{
    private DemoBackends(IReadOnlyList<DemoBackend> backends) => Backends = backends;

    public IReadOnlyList<DemoBackend> Backends { get; }

    public static async Task<DemoBackends> Start(int count)
    {
        var backends = new List<DemoBackend>();
        for (var number = 1; number <= count; number++)
            backends.Add(await DemoBackend.Start($"demo-{number}", port: 0));
        return new DemoBackends(backends);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var backend in Backends)
            await backend.DisposeAsync();
    }
}
