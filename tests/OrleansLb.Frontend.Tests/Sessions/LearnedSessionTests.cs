using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Contracts.Backends;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Affinity;
using OrleansLb.Frontend.Tests.LoadBalancing;

namespace OrleansLb.Frontend.Tests.Sessions;

public sealed class LearnedSessionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task MoveAndRevoke_AreInForceAtTheOtherFrontendAtOnce()
    {
        // Only a push can tell: front-ends look in vain for what they missed.
        await using var cluster = await SessionCluster.Start(configure: static silo => silo.AddIncomingGrainCallFilter<LostLooks>());
        var first = await cluster.Ask(0, "s");
        Assert.Equal(first, await cluster.Ask(1, "s"));
        var other = cluster.Backends.First(backend => backend.Id != first).Id;

        var began = TimeProvider.System.GetTimestamp();
        await cluster.Move("s", other);
        await Eventually.Is(async () => await cluster.Ask(0, "s") == other && await cluster.Ask(1, "s") == other);

        // Long before what is remembered is asked for anyway.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
        await cluster.Revoke("s");
        Assert.Null(await cluster.Bound("s"));
        // Neither front-end brings back what it remembers: the next request is one of a new session.
        await Eventually.Is(async () => await cluster.Ask(0, "s") is var place && place == await cluster.Ask(1, "s") && place == await cluster.Bound("s"));
        Assert.Equal(0, cluster.Placed("unbound"));
    }

    [Fact]
    public async Task Move_PushIsLost_IsInForceAtTheOtherFrontendWithinSeconds()
    {
        var lost = new LostPushes();
        await using var cluster = await SessionCluster.Start(configure: silo => silo.AddOutgoingGrainCallFilter(lost));
        var first = await cluster.Ask(0, "s");
        Assert.Equal(first, await cluster.Ask(1, "s"));
        var other = cluster.Backends.First(backend => backend.Id != first).Id;
        lost.AreLost = true;

        await cluster.Move("s", other);
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.Is(async () => await cluster.Ask(0, "s") == other && await cluster.Ask(1, "s") == other);

        Assert.True(lost.Count > 0, "No push was on its way.");
        // Long before what is remembered is asked for anyway.
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Frontend_RestartsAndSiloDies_SessionsAreWhereTheyWere()
    {
        await using var cluster = await SessionCluster.Start(silos: 2);
        var places = new Dictionary<string, string>();
        for (var number = 0; number < 100; number++)
            places[$"s{number}"] = await cluster.Ask(0, $"s{number}");

        await cluster.Restart(1, "fe-2");
        foreach (var (session, place) in places)
            Assert.Equal(place, await cluster.Ask(1, session));
        await cluster.Silos.KillSiloAsync(cluster.Silos.Silos[1], Cancellation);
        await cluster.Restart(0, "fe-1");

        foreach (var (session, place) in places)
            Assert.Equal((place, place), (await cluster.Ask(0, session), await cluster.Ask(1, session)));
        Assert.Equal(0, cluster.Placed("unbound"));
    }

    [Fact]
    public async Task Response_SetsTheCookie_TheSessionIsBoundWhereItBegan()
    {
        await using var cluster = await SessionCluster.Start(source: "Cookie");
        for (var number = 0; number < 20; number++)
        {
            foreach (var backend in cluster.Backends)
                backend.Reports = [("Set-Cookie", $"other=1; Path=/"), ("Set-Cookie", $"sid=value-{number}; Path=/; HttpOnly")];
            var began = await cluster.Client.GetStringAsync(new Uri(cluster.Frontends[0].Address, "/report"), Cancellation);

            Assert.Equal(began, (await CookieAnswer.Get(cluster.Client, new Uri(cluster.Frontends[1].Address, "/id"), $"a=b; sid=value-{number}")).Body);
            Assert.Equal(began, await cluster.Bound($"value-{number}"));
        }

        foreach (var backend in cluster.Backends)
            backend.Reports = [("Set-Cookie", "sid=gone; Max-Age=0")];
        await cluster.Client.GetStringAsync(new Uri(cluster.Frontends[0].Address, "/report"), Cancellation);
        Assert.Null(await cluster.Bound("gone"));
    }

    [Fact]
    public async Task Backend_Dies_ItsSessionsMoveToOneSuccessorThroughBothFrontends()
    {
        await using var cluster = await SessionCluster.Start();
        var places = new Dictionary<string, string>();
        for (var number = 0; number < 40; number++)
            places[$"s{number}"] = await cluster.Ask(number % 2, $"s{number}");
        var doomed = cluster.Backends[0];
        await doomed.DisposeAsync();

        foreach (var (session, place) in places)
        {
            var moved = await Task.WhenAll(cluster.Ask(0, session), cluster.Ask(1, session));
            Assert.Equal(moved[0], moved[1]);
            Assert.NotEqual(doomed.Id, moved[0]);
            if (place != doomed.Id)
                Assert.Equal(place, moved[0]);
            Assert.Equal(moved[0], await cluster.Bound(session));
        }

        Assert.Contains(doomed.Id, places.Values);
    }

    [Fact]
    public async Task Return503Error_SessionWaitsForItsBackend()
    {
        await using var cluster = await SessionCluster.Start(settings: ("ReverseProxy:Clusters:app:SessionAffinity:FailurePolicy", "Return503Error"));
        var place = await cluster.Ask(0, "s");
        await cluster.Backends.Single(backend => backend.Id == place).DisposeAsync();

        for (var time = 0; time < 3; time++)
        {
            using var refused = await cluster.Send(time % 2, "s");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        Assert.Equal(place, await cluster.Bound("s"));
    }

    [Fact]
    public async Task Drain_KeepsItsSessionsAndGetsNoOther()
    {
        await using var cluster = await SessionCluster.Start();
        var places = new Dictionary<string, string>();
        for (var number = 0; number < 20; number++)
            places[$"s{number}"] = await cluster.Ask(number % 2, $"s{number}");
        // Of the four one that has some: which those are depends on what each front-end has heard of the other's requests a moment before.
        var drained = places["s0"];
        var index = int.Parse(drained[1..], CultureInfo.InvariantCulture);
        await cluster.Silos.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", drained)).Decide(WireAdminState.Draining, null, "test");
        await Eventually.Is(() => cluster.Frontends.All(frontend => !frontend.Services.GetRequiredService<PoolTable>().Current["app"].Health.TakesNew(index)));

        foreach (var (session, place) in places)
            Assert.Equal((place, place), (await cluster.Ask(0, session), await cluster.Ask(1, session)));
        for (var number = 0; number < 20; number++)
            Assert.NotEqual(drained, await cluster.Ask(number % 2, $"new {number}"));
    }
}
