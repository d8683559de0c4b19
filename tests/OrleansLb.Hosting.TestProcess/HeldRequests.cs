namespace OrleansLb.Hosting.TestProcess;

/// <summary>Requests that stay in flight until a test releases them.</summary>
internal sealed class HeldRequests
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Arrived => _arrived.Task;

    public async Task<string> HoldAsync()
    {
        _arrived.TrySetResult();
        await _released.Task;
        return "released";
    }

    public void Release() => _released.TrySetResult();
}
