namespace OrleansLb.Standalone.Demo;

/// <summary>A folder for the state of a demo, removed when it ends: the next one starts afresh.</summary>
internal sealed class DemoDirectory : IHostedService
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("orleanslb-demo-");

    public string State => Path.Combine(_directory.FullName, "state");

    public string Frontend => Path.Combine(_directory.FullName, "frontend");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _directory.Delete(recursive: true);
        return Task.CompletedTask;
    }
}
