using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.Authentication;

/// <summary>A server that is asked who may come in.</summary>
internal sealed class AskedServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _connections;

    private AskedServer()
    {
        _application = LoopbackHost.Create(() => Interlocked.Increment(ref _connections), HttpProtocols.Http1).Build();
        _application.Run(async context =>
        {
            using var body = new StreamReader(context.Request.Body);
            var fields = context.Request.Headers.ToDictionary(static field => field.Key, static field => field.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            Questions.Enqueue((context.Request.Method, $"{context.Request.Path}{context.Request.QueryString}", fields, await body.ReadToEndAsync()));
            await Answer(context);
        });
    }

    public string Address => _application.Urls.Single();

    /// <summary>What it was asked.</summary>
    public ConcurrentQueue<(string Method, string Target, Dictionary<string, string> Fields, string Body)> Questions { get; } = [];

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>What it answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static _ => Task.CompletedTask;

    public static async Task<AskedServer> Start()
    {
        var server = new AskedServer();
        await server._application.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
