using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Tests.Health;

/// <summary>Answers every call as the health service of gRPC does, with a status that the test gives.</summary>
internal sealed class GrpcHealthBackend : IAsyncDisposable
{
    private readonly WebApplication _application;

    private GrpcHealthBackend(WebApplication application) => _application = application;

    public string Address => _application.Urls.Single();

    /// <summary>1 is SERVING, 2 NOT_SERVING.</summary>
    public volatile byte Status = 1;

    public static async Task<GrpcHealthBackend> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http2));
        var application = builder.Build();
        var backend = new GrpcHealthBackend(application);
        application.Run(backend.Serve);
        await application.StartAsync();
        return backend;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task Serve(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 2, 8, Status }, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }
}
