namespace OrleansLb.Core.Draining;

/// <summary>What one live front-end said of a draining backend.</summary>
/// <param name="FrontendId">The front-end.</param>
/// <param name="Answered">Whether it answered and knows the backend; if not, the rest means nothing.</param>
/// <param name="Requests">Plain requests that it has in flight there.</param>
/// <param name="Connections">Upgraded and streaming connections that it has there.</param>
/// <param name="Arrivals">Requests that it has sent there since it started.</param>
/// <param name="IsClosed">Whether it sends nothing there any more, neither new sessions nor those that are bound to it.</param>
public readonly record struct FrontendDrain(string FrontendId, bool Answered, int Requests, int Connections, long Arrivals, bool IsClosed)
{
    /// <summary>A front-end that did not answer.</summary>
    /// <param name="frontendId">The front-end.</param>
    public static FrontendDrain Silent(string frontendId) => new(frontendId, false, 0, 0, 0, false);

    /// <summary>Whether it is certain that it has nothing in flight there.</summary>
    public bool IsEmpty => Answered && Requests == 0 && Connections == 0;
}
