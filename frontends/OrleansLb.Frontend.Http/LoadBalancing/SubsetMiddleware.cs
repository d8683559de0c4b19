using Microsoft.AspNetCore.Http;

namespace OrleansLb.Frontend.Http.LoadBalancing;

/// <summary>
/// Leaves of the available destinations those that the route wants, whatever picks among them afterwards. Before session affinity: a session keeps its
/// backend whatever part the route wants.
/// </summary>
internal sealed class SubsetMiddleware(RequestDelegate next, RouteSubsets subsets)
{
    public Task Invoke(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var wanted = subsets.Wanted(proxy.Route, proxy.AvailableDestinations);
        if (!ReferenceEquals(wanted, proxy.AvailableDestinations))
            proxy.AvailableDestinations = wanted;
        return next(context);
    }
}
