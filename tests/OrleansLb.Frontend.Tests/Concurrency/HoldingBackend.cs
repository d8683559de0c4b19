using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace OrleansLb.Frontend.Tests.Concurrency;

/// <summary>A backend that counts how many requests it has at once, and answers each when the test, or its service time, says so.</summary>
internal sealed class HoldingBackend : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TimeSpan? _serviceTime;
    private readonly SemaphoreSlim _workers;
    private readonly ConcurrentQueue<TaskCompletionSource> _held = new();
    private readonly ConcurrentQueue<string> _arrivals = new();
    private int _inside;
    private int _most;
    private int _served;

    private HoldingBackend(string id, TimeSpan? serviceTime, int workers)
    {
        (Id, _serviceTime, _workers) = (id, serviceTime, new SemaphoreSlim(workers));
        _application = LoopbackHost.Create(HttpProtocols.Http1).Build();
        _application.Run(Serve);
    }

    internal string Id { get; }

    internal string Address => _application.Urls.Single();

    /// <summary>Requests that are there.</summary>
    internal int Inside => Volatile.Read(ref _inside);

    /// <summary>The most that were there at once.</summary>
    internal int Most => Volatile.Read(ref _most);

    /// <summary>Requests that were answered.</summary>
    internal int Served => Volatile.Read(ref _served);

    /// <summary>Paths of the requests, in the order in which they came.</summary>
    internal string[] Arrivals => [.. _arrivals];

    /// <param name="id">What it answers.</param>
    /// <param name="serviceTime">How long each request takes; <see langword="null"/> until the test releases it.</param>
    /// <param name="workers">How many it does at once; the others wait within it.</param>
    internal static async Task<HoldingBackend> Start(string id = "a", TimeSpan? serviceTime = null, int workers = int.MaxValue)
    {
        var backend = new HoldingBackend(id, serviceTime, workers);
        await backend._application.StartAsync();
        return backend;
    }

    /// <summary>Counts the most that are there at once anew.</summary>
    internal void ForgetMost() => Volatile.Write(ref _most, 0);

    /// <summary>Answers the request that has been there for the longest.</summary>
    internal void Release()
    {
        Assert.True(_held.TryDequeue(out var held), "Nothing is held.");
        held.SetResult();
    }

    internal void ReleaseAll()
    {
        while (_held.TryDequeue(out var held))
            held.SetResult();
    }

    public async ValueTask DisposeAsync()
    {
        ReleaseAll();
        await _application.DisposeAsync();
        _workers.Dispose();
    }

    private async Task Serve(HttpContext context)
    {
        _arrivals.Enqueue(context.Request.Path);
        var inside = Interlocked.Increment(ref _inside);
        for (var most = Most; inside > most && Interlocked.CompareExchange(ref _most, inside, most) != most;)
            most = Most;
        try
        {
            await (_serviceTime is { } time ? Work(time) : Hold());
        }
        finally
        {
            // Before the answer, so that whoever has it finds the place free.
            Interlocked.Decrement(ref _inside);
        }

        Interlocked.Increment(ref _served);
        await context.Response.WriteAsync(Id);
    }

    private async Task Work(TimeSpan time)
    {
        await _workers.WaitAsync();
        await Task.Delay(time);
        _workers.Release();
    }

    private Task Hold()
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held.Enqueue(held);
        return held.Task;
    }
}
