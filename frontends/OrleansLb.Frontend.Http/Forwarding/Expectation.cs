namespace OrleansLb.Frontend.Http.Forwarding;

/// <summary>
/// A client that holds its body back until somebody asks for it (RFC 9110, section 10.1.1). The server asks once the body is read, unless it has begun its answer by then; it does not stand both at
/// once, and would put what asks behind what answers. So nobody answers before it is decided whether the body is read.
/// </summary>
internal sealed class Expectation(TimeSpan timeout, TimeProvider clock)
{
    private readonly TaskCompletionSource<bool> _permission = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _decision = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the body is being read, or never will be.</summary>
    public Task Decision => _decision.Task;

    /// <summary>The backend wants the body, or has answered without it.</summary>
    public void Permit(bool isWanted) => _permission.TrySetResult(isWanted);

    /// <summary>The body is being read, or never will be.</summary>
    public void Decide() => _decision.TrySetResult();

    /// <summary>Whether the body is wanted, as the backend says; a server that knows nothing of it waits for the body, and gets it after a time.</summary>
    public async Task<bool> IsWanted(CancellationToken cancellation)
    {
        try
        {
            return await _permission.Task.WaitAsync(timeout, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }
}
