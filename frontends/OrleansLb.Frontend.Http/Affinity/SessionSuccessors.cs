using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace OrleansLb.Frontend.Http.Affinity;

/// <summary>Asks the policy that gave the request its session.</summary>
internal sealed class SessionSuccessors(ClusterCookiePolicy cookies, ClusterSessionPolicy sessions) : ISessionSuccessor
{
    public bool TryFind(HttpContext context, IReadOnlyList<DestinationState> tried, out DestinationState? successor) =>
        cookies.TryFind(context, tried, out successor) || sessions.TryFind(context, tried, out successor);
}
