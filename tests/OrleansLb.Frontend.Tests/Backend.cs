using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Frontend.Tests.Protocols;

namespace OrleansLb.Frontend.Tests;

/// <summary>A backend that says who it is, what it was sent, and speaks every protocol that is tested.</summary>
internal sealed class Backend : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;
    private int _requests;

    private Backend(string id, HttpProtocols protocols, TlsHandshakeCallbackOptions? tls)
    {
        Id = id;
        var builder = LoopbackHost.Create(() => Interlocked.Increment(ref _connections), tls, protocols);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddSingleton(Call).AddGrpc();
        _application = builder.Build();
        _application.Use(Count);
        _application.UseWebSockets();
        _application.MapGet("/id", () => Id);
        _application.MapGet("/report", (HttpContext context) =>
        {
            foreach (var (name, value) in Reports)
                context.Response.Headers.Append(name, value);
            return Id;
        });
        _application.MapGet("/cookie", static (HttpRequest request) => request.Headers.Cookie.ToString());
        _application.MapGet("/hold", async (HttpContext context) =>
        {
            await _released.Task.WaitAsync(context.RequestAborted);
            return "done";
        });
        _application.MapGet("/begin", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("begun");
            await context.Response.Body.FlushAsync();
            await _released.Task.WaitAsync(context.RequestAborted);
        });
        _application.MapPost("/echo", static (HttpRequest request, HttpResponse response) => request.Body.CopyToAsync(response.Body));
        _application.MapPost("/web", static async (HttpRequest request, HttpResponse response) =>
        {
            response.ContentType = request.Headers["X-Grpc-Web"] == "1" ? request.ContentType : "text/plain";
            await request.Body.CopyToAsync(response.Body);
            await response.Body.WriteAsync((byte[])[0x80, 0, 0, 0, 15, .. "grpc-status:0\r\n"u8]);
        });
        _application.MapPost("/length", static async (HttpRequest request) =>
        {
            await request.Body.CopyToAsync(Stream.Null);
            return request.ContentLength;
        });
        _application.MapGet("/fields/{name}", static (HttpRequest request, string name) => request.Headers[name].ToString());
        _application.MapGet("/protocol", static (HttpRequest request) => request.Protocol);
        _application.MapGet("/client", static (HttpContext context) => context.Connection.ClientCertificate?.SerialNumber ?? "");
        _application.Map("/socket", WebSocketEcho.Serve); // Over HTTP/2 it is a CONNECT.
        _application.MapGet("/events", EventSource.Serve);
        _application.MapGrpcService<EchoService>();
    }

    internal string Id { get; }

    /// <summary>The call that is held.</summary>
    internal HeldCall Call { get; } = new();

    internal string Address => _application.Urls.Single();

    /// <summary>Headers that answers below <c>/report</c> have.</summary>
    internal (string Name, string Value)[] Reports { get; set; } = [];

    /// <summary>Requests that arrived, whatever came of them.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>Connections that were made, with or without a request.</summary>
    internal int Connections => Volatile.Read(ref _connections);

    internal static async Task<Backend> Start(string id = "a", HttpProtocols protocols = HttpProtocols.Http1, TlsHandshakeCallbackOptions? tls = null)
    {
        var backend = new Backend(id, protocols, tls);
        await backend._application.StartAsync();
        return backend;
    }

    /// <summary>Lets the requests that are held go.</summary>
    internal void Release() => _released.TrySetResult();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private Task Count(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _requests);
        return next(context);
    }
}
