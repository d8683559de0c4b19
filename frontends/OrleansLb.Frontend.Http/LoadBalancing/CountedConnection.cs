using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A request that becomes a connection if the backend answers so.</summary>
internal sealed class CountedConnection(HttpContext context, BackendSlot slot, TimeProvider clock)
{
    private readonly long _began = clock.GetTimestamp();
    private bool _upgraded;
    private bool _ended;

    /// <summary>Looks at the head of the answer, before it is sent.</summary>
    public Task Answered()
    {
        // A request that was sent again elsewhere is answered once, and this may not be the attempt that was.
        if (!_ended && IsConnection())
        {
            slot.Upgrade();
            _upgraded = true;
        }

        return Task.CompletedTask;
    }

    public void End(bool failed)
    {
        _ended = true;
        if (_upgraded)
            slot.EndUpgraded();
        else
            slot.End(clock.GetElapsedTime(_began), failed);
    }

    private bool IsConnection()
    {
        var response = context.Response;
        return response.StatusCode == StatusCodes.Status101SwitchingProtocols
            || (response.StatusCode == StatusCodes.Status200OK && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true })
            || (response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? false);
    }
}
