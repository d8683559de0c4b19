using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>An OpenID Connect provider, as far as it says which its keys are.</summary>
internal sealed class TestProvider : IAsyncDisposable
{
    private readonly WebApplication _application = LoopbackHost.Create(HttpProtocols.Http1).Build();
    private int _questions;

    private TestProvider()
    {
        _application.MapGet("/realm/.well-known/openid-configuration", () => $$"""{ "issuer": "{{TestIssuer.Name}}", "jwks_uri": "{{_application.Urls.Single()}}/keys" }""");
        _application.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref _questions);
            return IsDown ? Results.StatusCode(500) : Results.Text(KeySet);
        });
    }

    public string Authority => _application.Urls.Single() + "/realm/";

    /// <summary>What it says.</summary>
    public string KeySet { get; set; } = "";

    /// <summary>Whether it fails.</summary>
    public bool IsDown { get; set; }

    /// <summary>How often it was asked for keys.</summary>
    public int Questions => Volatile.Read(ref _questions);

    public static async Task<TestProvider> Start()
    {
        var provider = new TestProvider();
        await provider._application.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
