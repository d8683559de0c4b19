namespace OrleansLb.Frontend.Reporting;

/// <summary>Lets a loop sleep until a time or until somebody has news, whichever comes first.</summary>
internal sealed class ExchangeSignal : IDisposable
{
    private readonly ITimer _timer;
    private TaskCompletionSource _next = Create();

    public ExchangeSignal(TimeProvider clock) =>
        _timer = clock.CreateTimer(static state => ((ExchangeSignal)state!).Raise(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Wakes the loop; if it is awake, its next sleep ends at once.</summary>
    public void Raise() => Volatile.Read(ref _next).TrySetResult();

    public async Task Wait(TimeSpan time)
    {
        _timer.Change(time, Timeout.InfiniteTimeSpan);
        await _next.Task;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Volatile.Write(ref _next, Create());
    }

    public void Dispose() => _timer.Dispose();

    private static TaskCompletionSource Create() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
