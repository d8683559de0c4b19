using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>
/// Says where a request with a session goes on when the backend it was sent to refused the connection. Whoever tries another backend asks here first: the
/// successor is the one that every front-end chooses.
/// </summary>
public interface ISessionSuccessor
{
    /// <summary>Looks up the successor.</summary>
    /// <param name="context">The request.</param>
    /// <param name="tried">Where the request was refused so far.</param>
    /// <param name="successor">Where to go; <see langword="null"/> if the pool's failure policy wants 503 instead.</param>
    /// <returns>Whether the session decides; if not, balance the load.</returns>
    bool TryFind(HttpContext context, IReadOnlyList<DestinationState> tried, out DestinationState? successor);
}
