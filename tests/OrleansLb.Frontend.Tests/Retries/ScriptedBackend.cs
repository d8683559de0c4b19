using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.Retries;

/// <summary>A backend that answers every request with one status and its id, and remembers what it was sent.</summary>
internal sealed class ScriptedBackend : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;
    private int _takenBack;

    private ScriptedBackend(string id)
    {
        Id = id;
        _application = LoopbackHost.Create(() => Interlocked.Increment(ref _connections), HttpProtocols.Http1).Build();
        _application.Run(Serve);
    }

    internal string Id { get; }

    internal string Address => _application.Urls.Single();

    /// <summary>What it answers from now on; 0 to end connections without an answer.</summary>
    internal int Status { get; set; } = StatusCodes.Status200OK;

    /// <summary>Whether its answers are chunked, and end when it is released.</summary>
    internal bool IsSlow { get; set; }

    /// <summary>Whether it says nothing until it is released.</summary>
    internal bool IsSilent { get; set; }

    /// <summary>Requests that were taken back while it was silent.</summary>
    internal int TakenBack => Volatile.Read(ref _takenBack);

    /// <summary>The bodies of the requests, each as it arrived.</summary>
    internal ConcurrentQueue<string> Bodies { get; } = [];

    internal int Connections => Volatile.Read(ref _connections);

    internal static async Task<ScriptedBackend> Start(string id, int status = StatusCodes.Status200OK)
    {
        var backend = new ScriptedBackend(id) { Status = status };
        await backend._application.StartAsync();
        return backend;
    }

    /// <summary>Lets it answer what it was silent about.</summary>
    internal void Release() => _released.TrySetResult();

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task Serve(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Bodies.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
        if (IsSilent && !await IsReleased(context))
            return;
        if (Status == 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = Status;
        context.Response.Headers["X-From"] = Id;
        if (!IsSlow)
            context.Response.ContentLength = Id.Length;
        await context.Response.WriteAsync(Id, context.RequestAborted);
        if (IsSlow)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<bool> IsReleased(HttpContext context)
    {
        await _released.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!context.RequestAborted.IsCancellationRequested)
            return true;
        Interlocked.Increment(ref _takenBack);
        return false;
    }
}
