namespace OrleansLb.Grains.Routing;

/// <summary>Waits for a period or for a signal, whichever comes first. A signal between two waits ends the next one at once.</summary>
internal sealed class SignalledDelay(TimeSpan period, TimeProvider clock)
{
    private TaskCompletionSource _signal = NewSignal();

    public void Signal() => Volatile.Read(ref _signal).TrySetResult();

    /// <summary>Whether a signal ended the wait.</summary>
    public async Task<bool> Wait(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Volatile.Read(ref _signal).Task, Task.Delay(period, clock, timeout.Token));
        await timeout.CancelAsync();
        if (!_signal.Task.IsCompleted)
            return false;
        Volatile.Write(ref _signal, NewSignal());
        return true;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
