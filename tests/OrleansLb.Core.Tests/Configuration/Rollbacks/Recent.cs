using OrleansLb.Core.Configuration.Rollbacks;

namespace OrleansLb.Core.Tests.Configuration.Rollbacks;

/// <summary>How requests went lately, made up.</summary>
internal static class Recent
{
    /// <summary>One front-end counted this in the last ten seconds, evenly.</summary>
    public static RecentTraffic Of(RequestCount count)
    {
        const int Seconds = 10;
        var recent = new RecentTraffic();
        for (var second = 0; second <= Seconds; second++)
        {
            var sofar = new RequestCount(count.Requests * second / Seconds, count.Failed * second / Seconds);
            recent.Observe([new FrontendTraffic("fe", 1, 1, TimeSpan.FromSeconds(second), sofar)], 1, TimeSpan.FromSeconds(second));
        }

        return recent;
    }
}
