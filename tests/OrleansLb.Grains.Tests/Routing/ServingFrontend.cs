using OrleansLb.Testing.Frontends;

namespace OrleansLb.Grains.Tests.Routing;

/// <summary>A front-end that serves a version and waits to be told the next one.</summary>
internal sealed class ServingFrontend(long version) : SilentFrontend, IAsyncDisposable
{
    private readonly TaskCompletionSource<long> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BeatingFrontend? _beating;

    public static async Task<ServingFrontend> Start(IGrainFactory grains, string id, long version)
    {
        var frontend = new ServingFrontend(version);
        frontend._beating = await BeatingFrontend.Start(grains, id, frontend, configurationVersion: version);
        return frontend;
    }

    public override Task ConfigurationChanged(long next)
    {
        if (next == version + 1)
            _told.TrySetResult(next);
        return Task.CompletedTask;
    }

    public async Task<bool> Told(long next) =>
        await _told.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken) == next;

    public Task Leave() => _beating!.Leave();

    public ValueTask DisposeAsync() => _beating!.DisposeAsync();
}
