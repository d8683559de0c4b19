using OrleansLb.Core.Sessions;

namespace OrleansLb.Frontend.Tests.Sessions;

/// <summary>A pool with as many sessions as it may have, all of them in use.</summary>
public sealed class FullRangeTests
{
    private const int Newcomers = 60;

    [Fact]
    public async Task NewSessions_GoOnUnboundToOneBackendThroughEveryFrontendAndNobodyElseLosesHis()
    {
        // Room for one session in each range. Those that the cluster settled with came first.
        await using var cluster = await SessionCluster.Start(settings: ("ReverseProxy:Clusters:app:OrleansLb:Session:MaxSessions", $"{SessionKey.RangeCount}"));
        var bound = new Dictionary<string, string>();
        foreach (var session in cluster.Settled)
        {
            if (await cluster.Bound(session) is { } backend)
                bound.Add(session, backend);
        }

        var taken = bound.Keys.Select(session => cluster.Key(session).Range).ToHashSet();
        var newcomers = Enumerable.Range(0, int.MaxValue).Select(static number => $"new {number}").Where(session => taken.Contains(cluster.Key(session).Range)).Take(Newcomers);
        var full = cluster.Placed("full");
        var places = new HashSet<string>();
        foreach (var session in newcomers)
        {
            var both = await Task.WhenAll(cluster.Ask(0, session), cluster.Ask(1, session));
            Assert.Equal(both[0], both[1]);
            Assert.Equal(both[0], await cluster.Ask(0, session));
            Assert.Null(await cluster.Bound(session));
            places.Add(both[0]);
        }

        Assert.Equal(3 * Newcomers, cluster.Placed("full") - full);
        Assert.Equal(cluster.Backends.Count, places.Count);
        // As many as there is room for, each where it was before.
        Assert.Equal(taken.Count, bound.Count);
        foreach (var (session, backend) in bound)
            Assert.Equal((backend, backend), (await cluster.Ask(0, session), await cluster.Ask(1, session)));
    }
}
