using OrleansLb.EdgeBench.Contestants;
using OrleansLb.LoadGenerator.Load;

namespace OrleansLb.EdgeBench.Soak;

/// <summary>Requests at a fixed rate through one front-end until it is stopped: over kept connections, or each over one of its own.</summary>
internal sealed class SoakLoad
{
    private const int Connections = 32;

    // In between it is looked whether to go on; answers that take longer than the rest of a slice and this grace have failed.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private long _answered;
    private long _failed;
    private string? _firstFailure;

    public long Answered => Volatile.Read(ref _answered);

    /// <summary>Requests that were not answered with 200, or not in time.</summary>
    public long Failed => Volatile.Read(ref _failed);

    public string? FirstFailure => Volatile.Read(ref _firstFailure);

    /// <summary>Runs it on a thread of its own.</summary>
    public Task Run(Contestant frontend, double rate, bool anew, CancellationToken stop) => Task.Factory.StartNew(
        () => Repeat(frontend, rate, anew, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Repeat(Contestant frontend, double rate, bool anew, CancellationToken stop)
    {
        using var load = new HttpLoad(frontend.Address, [.. Enumerable.Repeat(frontend.Get("/"), Connections)], new ClientStyle(anew));
        while (!stop.IsCancellationRequested)
            Count(load.Run(Pace.Fixed(rate, TimeProvider.System.TimestampFrequency), Slice, CancellationToken.None, Grace));
    }

    private void Count(LoadResult result)
    {
        Interlocked.Add(ref _answered, result.Answered);
        Interlocked.Add(ref _failed, result.Failed + result.Unanswered);
        if (result.Failed + result.Unanswered > 0)
            Interlocked.CompareExchange(ref _firstFailure, result.FirstFailure ?? "no answer in time", null);
    }
}
