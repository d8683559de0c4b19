using OrleansLb.Contracts.Sessions;

namespace OrleansLb.Frontend.Tests.Sessions;

/// <summary>Leaves front-ends without an answer that look what they missed of a range.</summary>
internal sealed class LostLooks : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) =>
        context.MethodName == nameof(ISessionGrain.Look) ? throw new TimeoutException("This range does not answer.") : context.Invoke();
}
