using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.Mirroring;

/// <summary>A backend that remembers what it was sent, and does with it what a test says.</summary>
internal sealed class ShadowBackend : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _connections;

    private ShadowBackend(Func<HttpContext, Task> serve)
    {
        Serve = serve;
        _application = LoopbackHost.Create(() => Interlocked.Increment(ref _connections), HttpProtocols.Http1).Build();
        _application.Run(Take);
    }

    internal string Address => _application.Urls.Single();

    /// <summary>What it does once it has all of a request.</summary>
    internal Func<HttpContext, Task> Serve { get; set; }

    /// <summary>What it was sent.</summary>
    internal ConcurrentQueue<SentRequest> Requests { get; } = [];

    internal int Connections => Volatile.Read(ref _connections);

    internal static async Task<ShadowBackend> Start(Func<HttpContext, Task>? serve = null)
    {
        var backend = new ShadowBackend(serve ?? (static context => context.Response.WriteAsync("shadow")));
        await backend._application.StartAsync();
        return backend;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        Requests.Enqueue(new SentRequest(
            context.Request.Method,
            context.Request.GetEncodedPathAndQuery(),
            context.Request.Headers.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body));
        await Serve(context);
    }
}
