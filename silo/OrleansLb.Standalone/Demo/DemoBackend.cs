using System.Globalization;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace OrleansLb.Standalone.Demo;

/// <summary>A small web server to balance over: it says who it is, how it was reached, and can be slow on request.</summary>
internal sealed class DemoBackend : IAsyncDisposable
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly WebApplication _application;

    private DemoBackend(string name, WebApplication application)
    {
        Name = name;
        _application = application;
    }

    public string Name { get; }

    /// <summary>Address it listens on, known once it has started.</summary>
    public Uri Address => new(_application.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
        .Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    /// <summary>Starts a backend.</summary>
    /// <param name="name">What it calls itself in the <c>X-Backend</c> header.</param>
    /// <param name="port">Port; 0 for any free one.</param>
    /// <param name="anyAddress">Whether to listen on every address instead of loopback only.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<DemoBackend> Start(string name, int port, bool anyAddress = false, CancellationToken cancellationToken = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://{(anyAddress ? "0.0.0.0" : "127.0.0.1")}:{port}"));
        builder.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromSeconds(30));

        var application = builder.Build();
        application.Use((context, next) =>
        {
            context.Response.Headers["X-Backend"] = name;
            return next(context);
        });
        application.MapGet("/health", static () => "healthy\n");
        application.MapGet("/delay/{milliseconds:int}", Delay);
        application.MapFallback(context => Describe(name, context));
        await application.StartAsync(cancellationToken);
        return new DemoBackend(name, application);
    }

    /// <summary>Completes when the process is asked to end.</summary>
    public Task WaitForShutdown(CancellationToken cancellationToken) => _application.WaitForShutdownAsync(cancellationToken);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static async Task<IResult> Delay(int milliseconds, CancellationToken cancellationToken)
    {
        var delay = TimeSpan.FromMilliseconds(milliseconds);
        if (delay < TimeSpan.Zero || delay > LongestDelay)
            return Results.Problem($"The delay must lie between 0 and {LongestDelay.TotalMilliseconds} ms.", statusCode: StatusCodes.Status400BadRequest);
        await Task.Delay(delay, TimeProvider.System, cancellationToken);
        return Results.Text($"after {milliseconds} ms\n");
    }

    private static async Task Describe(string name, HttpContext context)
    {
        var request = context.Request;
        await context.Response.WriteAsync(
            $"Hello from {name}.\n{request.Method} {request.Path}{request.QueryString}\nX-Forwarded-For: {request.Headers["X-Forwarded-For"]}\n");
    }
}
