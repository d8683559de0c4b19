namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>A front-end, a backend, and a client who means well.</summary>
public sealed class AttackedFrontend : IAsyncLifetime
{
    internal Backend Backend { get; private set; } = null!;

    internal FrontendHost Frontend { get; private set; } = null!;

    internal HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Backend = await Backend.Start();
        Frontend = await FrontendHost.Start(Backend);
        Client = new HttpClient { BaseAddress = Frontend.Http1 };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Frontend.DisposeAsync();
        await Backend.DisposeAsync();
    }
}
