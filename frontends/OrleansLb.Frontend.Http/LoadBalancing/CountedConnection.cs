using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>A request that becomes a connection: if the backend answers so, or, for a call that may be a stream, by lasting long.</summary>
internal sealed class CountedConnection
{
    private const int Request = 0;
    private const int Connection = 1;
    private const int Ended = 2;

    private readonly HttpContext _context;
    private readonly BackendSlot _slot;
    private readonly TimeProvider _clock;
    private readonly long _began;
    private readonly ITimer? _lasting;
    private int _state;

    /// <param name="context">The request.</param>
    /// <param name="slot">Where it was counted.</param>
    /// <param name="isCall">Whether only its length can tell: a gRPC call looks alike, be it unary or streaming.</param>
    /// <param name="clock">The product's clock.</param>
    public CountedConnection(HttpContext context, BackendSlot slot, bool isCall, TimeProvider clock)
    {
        (_context, _slot, _clock, _began) = (context, slot, clock, clock.GetTimestamp());
        if (isCall)
            _lasting = clock.CreateTimer(static state => ((CountedConnection)state!).Upgrade(), this, BackendSlot.LongestPlain, Timeout.InfiniteTimeSpan);
        else
            context.Response.OnStarting(static state => ((CountedConnection)state).Answered(), this);
    }

    public void End(bool failed)
    {
        _lasting?.Dispose();
        if (Interlocked.Exchange(ref _state, Ended) == Connection)
            _slot.EndUpgraded();
        else
            _slot.End(_clock.GetElapsedTime(_began), failed);
    }

    /// <summary>Looks at the head of the answer, before it is sent; the answer may be that of a later attempt elsewhere.</summary>
    private Task Answered()
    {
        var response = _context.Response;
        if (response.StatusCode == StatusCodes.Status101SwitchingProtocols
            || (response.StatusCode == StatusCodes.Status200OK && _context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true })
            || (response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? false))
        {
            Upgrade();
        }

        return Task.CompletedTask;
    }

    private void Upgrade()
    {
        if (Interlocked.CompareExchange(ref _state, Connection, Request) == Request)
            _slot.Upgrade();
    }
}
