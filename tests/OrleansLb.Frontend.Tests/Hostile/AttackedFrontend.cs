using OrleansLb.Frontend.Tests.Refusals;

namespace OrleansLb.Frontend.Tests.Hostile;

/// <summary>A front-end, a backend, and a client who means well.</summary>
public sealed class AttackedFrontend : IAsyncLifetime
{
    /// <summary>All that the front-end says of whom it refuses.</summary>
    internal RefusingFrontend Refusing { get; private set; } = null!;

    internal Backend Backend => Refusing.Backend;

    internal FrontendHost Frontend => Refusing.Host;

    internal HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Refusing = await RefusingFrontend.Start();
        Client = new HttpClient { BaseAddress = Frontend.Http1 };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Refusing.DisposeAsync();
    }
}
