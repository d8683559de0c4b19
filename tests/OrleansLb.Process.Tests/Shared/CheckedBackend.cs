using System.Net;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Shared;

/// <summary>A web server that says who it is, and answers requests and probes as a test wants it to; one that speaks HTTP/2 has gRPC's health service too.</summary>
internal sealed class CheckedBackend : IAsyncDisposable
{
    private readonly WebApplication _application;

    private CheckedBackend(string name, int port, HttpProtocols protocols, Action<ListenOptions>? secure)
    {
        Name = name;
        Address = new Uri($"{(secure is null ? "http" : "https")}://127.0.0.1:{port}/");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(Health).AddGrpc();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = protocols;
            secure?.Invoke(listen);
        }));
        _application = builder.Build();
        if (protocols == HttpProtocols.Http2)
            _application.MapGrpcService<HealthServiceImpl>();
        _application.MapFallback("{**path}", Serve);
    }

    public string Name { get; }

    public Uri Address { get; }

    /// <summary>What gRPC's health service says.</summary>
    public HealthServiceImpl Health { get; } = new();

    /// <summary>What becomes of a request; 200 unless it says otherwise.</summary>
    public Func<HttpContext, Task> OnRequest { get; set; } = static _ => Task.CompletedTask;

    /// <summary>What becomes of a probe; 200 unless it says otherwise.</summary>
    public Func<HttpContext, Task> OnProbe { get; set; } = static _ => Task.CompletedTask;

    public static async Task<CheckedBackend> Start(string name, HttpProtocols protocols = HttpProtocols.Http1, Action<ListenOptions>? secure = null)
    {
        var backend = new CheckedBackend(name, Ports.Next(), protocols, secure);
        await backend._application.StartAsync();
        return backend;
    }

    public static async Task<CheckedBackend[]> StartMany(int count) =>
        await Task.WhenAll(Enumerable.Range(1, count).Select(static number => Start($"b{number}")));

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task Serve(HttpContext context)
    {
        context.Response.Headers["X-Backend"] = Name;
        return context.Request.Headers.UserAgent == "OrleansLb-probe" ? OnProbe(context) : OnRequest(context);
    }
}
