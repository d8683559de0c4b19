using Grpc.Core;

namespace OrleansLb.Frontend.Tests.Protocols;

/// <summary>A call of gRPC that a backend answers only when its client gives it up.</summary>
internal sealed class HeldCall
{
    private readonly TaskCompletionSource<DateTime> _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The deadline that the backend was told, when the call has arrived.</summary>
    internal Task<DateTime> Begun => _begun.Task;

    /// <summary>Completes when the backend hears that nobody waits for it.</summary>
    internal Task Ended => _ended.Task;

    internal async Task<Words> Hold(ServerCallContext context)
    {
        _begun.TrySetResult(context.Deadline);
        await using var end = context.CancellationToken.Register(() => _ended.TrySetResult());
        await _ended.Task;
        throw new RpcException(Status.DefaultCancelled);
    }
}
