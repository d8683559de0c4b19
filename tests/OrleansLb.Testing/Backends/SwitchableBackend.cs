using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Testing.Backends;

/// <summary>A backend on loopback that can be made to fail, killed, and started again on its port.</summary>
public sealed class SwitchableBackend : IAsyncDisposable
{
    private WebApplication? _application;
    private int _port;
    private Action? _probed;
    private int _probes;
    private int _requests;

    private SwitchableBackend(string id) => Id = id;

    /// <summary>What it answers with.</summary>
    public string Id { get; }

    /// <summary>Address with its port, the same after a restart.</summary>
    public string Address => $"http://127.0.0.1:{_port}/";

    /// <summary>What it does from now on, also to requests in flight.</summary>
    public BackendMode Mode { get; set; }

    /// <summary>Answers 503 to this path and to nothing else, whatever the mode.</summary>
    public string? FailingPath { get; set; }

    /// <summary>Health probes that arrived.</summary>
    public int Probes => Volatile.Read(ref _probes);

    /// <summary>Other requests that arrived.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Starts one on a free port.</summary>
    /// <param name="id">What it answers with.</param>
    public static async Task<SwitchableBackend> Start(string id)
    {
        var backend = new SwitchableBackend(id);
        await backend.Restart();
        return backend;
    }

    /// <summary>Completes when this many health probes have arrived; fails after half a minute.</summary>
    /// <param name="probes">How many since the start.</param>
    public async Task Probed(int probes)
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Probes >= probes)
                arrived.TrySetResult();
        }

        _probed += Look;
        Look();
        try
        {
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{Id} got {Probes} probes and not {probes}.");
        }
        finally
        {
            _probed -= Look;
        }
    }

    /// <summary>Stops at once: open connections are reset and new ones refused.</summary>
    public async Task Kill()
    {
        if (Interlocked.Exchange(ref _application, null) is not { } application)
            return;
        await application.StopAsync(new CancellationToken(canceled: true));
        await application.DisposeAsync();
    }

    /// <summary>Starts again after <see cref="Kill"/>.</summary>
    public async Task Restart()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port));
        var application = builder.Build();
        application.Run(Serve);
        await application.StartAsync();
        _port = new Uri(application.Urls.Single()).Port;
        _application = application;
    }

    public async ValueTask DisposeAsync() => await Kill();

    private async Task Serve(HttpContext context)
    {
        _ = context.Request.Headers.UserAgent == "OrleansLb-probe" ? Interlocked.Increment(ref _probes) : Interlocked.Increment(ref _requests);
        _probed?.Invoke();
        if (Mode == BackendMode.Hanging)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Mode == BackendMode.Unavailable || context.Request.Path == FailingPath)
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        if (Mode == BackendMode.Erring)
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        await context.Response.WriteAsync(Id, context.RequestAborted);
    }
}
