using Microsoft.AspNetCore.Http;
using OrleansLb.Core.Retries;
using OrleansLb.Frontend.Http.Retries;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Hedging;

/// <summary>One request that may be at two backends at once.</summary>
internal sealed class HedgedRequest : IDisposable
{
    private readonly HedgeRace _race = new();
    private readonly CancellationTokenSource _wait = new();
    private readonly HttpContext _context;
    private readonly HedgeStart _start;
    private readonly RetryTurn _turn;
    private HedgedAttempt? _second;

    /// <param name="context">The request.</param>
    /// <param name="turn">Where it has been.</param>
    public HedgedRequest(HttpContext context, RetryTurn turn)
    {
        (_context, _turn) = (context, turn);
        _start = new HedgeStart(HeaderMark.Of(context.Response), context.GetReverseProxyFeature(), context.RequestAborted);
        First = new HedgedAttempt(this, context, _start, HedgeRace.First, _start.Proxy.AvailableDestinations);
    }

    /// <summary>The attempt that would be the only one without hedging.</summary>
    public HedgedAttempt First { get; }

    /// <summary>Ends when there is nothing to wait for any more before a second attempt.</summary>
    public CancellationToken IsNotSlow => _wait.Token;

    /// <summary>Whether there was a second attempt.</summary>
    public bool HasJoined => _race.HasJoined;

    /// <summary>The attempt whose answer was taken; -1 for none.</summary>
    public int Winner => _race.Winner;

    /// <summary>Makes a second attempt, which is not one yet.</summary>
    /// <param name="destinations">Where it may go.</param>
    public HedgedAttempt Prepare(IReadOnlyList<DestinationState> destinations) => _second = new HedgedAttempt(this, _context, _start, HedgeRace.Second, destinations);

    /// <summary>Makes it one; not if there is no need for it any more.</summary>
    /// <param name="first">Where the first is.</param>
    /// <param name="second">Where it goes.</param>
    public bool TryJoin(DestinationState first, DestinationState second)
    {
        if (!_race.TryJoin())
            return false;
        // Nobody else looks where the request has been while both are on their way.
        _turn.Joined(first, second);
        return true;
    }

    /// <summary>The head of an answer of one of them is there.</summary>
    public bool TryTake(int place, int status)
    {
        if (!_race.TryWin(place, isWanted: !_turn.IsToBeTriedAgain(status)))
            return false;
        var (own, other) = place == HedgeRace.First ? (First, _second) : (_second!, First);
        _wait.Cancel();
        other?.Cancel();
        own.Become();
        return true;
    }

    /// <summary>One of them has ended.</summary>
    public void End(int place)
    {
        _race.End(place);
        if (place == HedgeRace.First)
            _wait.Cancel();
    }

    /// <summary>Makes what came of one of them what came of the request; when both have ended.</summary>
    /// <returns>That one.</returns>
    public HedgedAttempt Settle()
    {
        var giving = _race.Giving == HedgeRace.Second ? _second! : First;
        if (_race.Winner < 0)
            giving.Become();
        giving.Tell();
        return giving;
    }

    public void Dispose()
    {
        First.Dispose();
        _second?.Dispose();
        _wait.Dispose();
    }
}
