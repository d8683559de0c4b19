using OrleansLb.Contracts.Frontends;

namespace OrleansLb.Frontend.Tests.Sessions;

/// <summary>Loses pushes of changed sessions on their way from a silo.</summary>
internal sealed class LostPushes : IOutgoingGrainCallFilter
{
    private int _count;

    internal bool AreLost { get; set; }

    internal int Count => Volatile.Read(ref _count);

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (!AreLost || context.MethodName != nameof(IFrontendObserver.SessionsChanged))
            return context.Invoke();
        Interlocked.Increment(ref _count);
        return Task.CompletedTask;
    }
}
