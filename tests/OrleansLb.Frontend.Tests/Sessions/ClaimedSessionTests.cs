using System.Net;

namespace OrleansLb.Frontend.Tests.Sessions;

/// <summary>Sessions by a claim, in applications that authenticate.</summary>
public sealed class ClaimedSessionTests
{
    private const int Users = 40;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FirstRequests_ThroughTwoFrontendsAtOnce_AreBoundByTheClaim()
    {
        await using var cluster = await Start();
        var places = new HashSet<string>();
        for (var user = 0; user < Users; user++)
        {
            var name = $"user-{user}";
            var both = await Task.WhenAll(Ask(cluster, user % 2, $"valid {name}"), Ask(cluster, 1 - (user % 2), $"valid {name}"));

            Assert.Equal(both[0], both[1]);
            Assert.Equal(both[0], await cluster.Bound(name));
            places.Add(both[0]);
        }

        Assert.Equal(cluster.Backends.Count, places.Count);
    }

    [Theory]
    [InlineData("forged")]
    [InlineData("unproven")]
    public async Task ClaimThatNobodyValidated_IsOfNoSession(string token)
    {
        await using var cluster = await Start();
        var place = await Ask(cluster, 0, "valid anna");
        var requests = cluster.PlacedInAnyWay;

        var places = new HashSet<string>();
        for (var time = 0; time < Users; time++)
        {
            places.Add(await Ask(cluster, time % 2, $"{token} anna"));
            await Ask(cluster, time % 2, $"{token} otto");
        }

        // It is neither led to where the claim's owner is, nor does it begin anything, nor end what there is.
        Assert.NotEqual([place], places);
        Assert.Equal(requests, cluster.PlacedInAnyWay);
        Assert.Null(await cluster.Bound("otto"));
        Assert.Equal((place, place), (await cluster.Bound("anna"), await Ask(cluster, 1, "valid anna")));
    }

    private static Task<SessionCluster> Start() => SessionCluster.Start(source: "JwtClaim", frontend: TestTokens.AddTo);

    private static async Task<string> Ask(SessionCluster cluster, int frontend, string token)
    {
        using var answer = await cluster.Send(frontend, "Authorization", token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }
}
