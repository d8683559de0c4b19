using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Core.RateLimiting;

namespace OrleansLb.Admin.Tests.RateLimits;

public sealed class LimitKeyApiTests : IAsyncLifetime
{
    private const string Path = "/api/v1/rate-limits/perKey/keys";
    private const string Policies = "OrleansLb:RateLimiting:Policies";

    private AdminCluster _cluster = null!;
    private long _seq;

    public async ValueTask InitializeAsync() => _cluster = await AdminCluster.StartWithFrontend(
        ($"{Policies}:perKey:Algorithm", "FixedWindow"),
        ($"{Policies}:perKey:PermitLimit", "1000"),
        ($"{Policies}:perKey:Window", "1.00:00:00"),
        ($"{Policies}:perKey:Partition", "Header"),
        ($"{Policies}:perKey:PartitionHeader", "X-Api-Key"),
        ($"{Policies}:perKey:Overrides:0:Keys:0", "large"),
        ($"{Policies}:perKey:Overrides:0:PermitLimit", "5000"),
        ($"{Policies}:perClient:Algorithm", "FixedWindow"),
        ($"{Policies}:perClient:PermitLimit", "1000"),
        ($"{Policies}:perClient:Window", "1.00:00:00"),
        ($"{Policies}:perClient:Partition", "ClientIp"),
        ($"{Policies}:inFlight:Algorithm", "Concurrency"),
        ($"{Policies}:inFlight:PermitLimit", "20"),
        ($"{Policies}:inFlight:Mode", "Exact"),
        ($"{Policies}:inFlight:Partition", "Header"),
        ($"{Policies}:inFlight:PartitionHeader", "X-Api-Key"),
        ($"{Policies}:both:Algorithm", "FixedWindow"),
        ($"{Policies}:both:PermitLimit", "1000"),
        ($"{Policies}:both:Window", "1.00:00:00"),
        ($"{Policies}:both:Partition", "Host, Method"));

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Keys_AreListedFoundAndResetByTheirHashesAlone()
    {
        for (var number = 1; number <= 10; number++)
            await Use("perKey", $"secret-{number}", 10 * number);
        await Use(_cluster.Configuration.Current.Snapshot.RateLimits["perKey"].Overrides.Find(KeyOf("large"))!, "large", 2000);
        await Use("perClient", "other", 3000);

        var (status, page) = await _cluster.Get($"{Path}?limit=4");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("secret", page!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(
            [(KeyOf("large").ToString(), true), .. new[] { 10, 9, 8 }.Select(static number => (KeyOf($"secret-{number}").ToString(), false))],
            page["keys"]!.AsArray().Select(static key => ((string)key!["key"]!, (bool)key["hasOverride"]!)));

        var (found, usage) = await Find("perKey", "secret-9");
        Assert.Equal(HttpStatusCode.OK, found);
        var (used, left) = ((double)usage!["used"]!, (int)usage["remaining"]!);
        Assert.True(used >= 90 && used + left == 1000, usage.ToJsonString());
        Assert.InRange((double)usage["resetSeconds"]!, 1, 86_400);

        var reset = await _cluster.Post($"{Path}/{KeyOf("secret-9")}/reset");
        Assert.Equal((HttpStatusCode.OK, used), (reset.Status, (double)reset.Body!["used"]!));
        // Nothing is used, so the range may already have forgotten it.
        var after = await _cluster.Get($"{Path}/{KeyOf("secret-9")}");
        Assert.True(after.Status == HttpStatusCode.NotFound || (double)after.Body!["used"]! == 0);
        Assert.Equal(HttpStatusCode.OK, (await _cluster.Get($"{Path}/{KeyOf("secret-8")}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _cluster.Post($"{Path}/{KeyOf("large")}/reset")).Status);
    }

    [Fact]
    public async Task Mistakes_AreRefused()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Get("/api/v1/rate-limits/none/keys")).Status);
        foreach (var query in (string[])["?limit=0", "?limit=1001", "?limit=x", "?limit=1&limit=2", "/xyz"])
            Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Get(Path + query)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Post($"{Path}/xyz/reset")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _cluster.Post($"{Path}/{KeyOf("nobody")}/reset")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _cluster.Get($"{Path}/{KeyOf("nobody")}/reset")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _cluster.Post($"{Path}/find")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Find("perKey", "nobody")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Find("perClient", "2001:db8::1")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Find("perClient", "4711")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Find("both", "example.com")).Status);
    }

    private static RateLimitKey KeyOf(string text) => RateLimitKey.Of(text.AsSpan());

    private Task<(HttpStatusCode Status, JsonNode? Body)> Find(string policy, string value) => _cluster.Find($"/api/v1/rate-limits/{policy}/keys", value);

    [Fact]
    public async Task Keys_OfALimitInFlight_ShowWhatIsHeldAndAResetChangesNothing()
    {
        var key = KeyOf("customer");
        var grain = _cluster.Cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf("inFlight", key.Range));
        await Eventually.Holds("the range answers", async () => await TryHold(grain, new LimitSlotClaim(key.High, key.Low, 0, 0, 7, 0)));

        var (status, page) = await _cluster.Get("/api/v1/rate-limits/inFlight/keys");
        Assert.Equal(HttpStatusCode.OK, status);
        var usage = page!["keys"]!.AsArray().Single()!;
        Assert.Equal((key.ToString(), 7.0, 13, null), ((string)usage["key"]!, (double)usage["used"]!, (int)usage["remaining"]!, usage["resetSeconds"]));

        await _cluster.Post($"/api/v1/rate-limits/inFlight/keys/{key}/reset");
        Assert.Equal(7, (double)(await _cluster.Get($"/api/v1/rate-limits/inFlight/keys/{key}")).Body!["used"]!);
    }

    private async Task<bool> TryHold(IRateLimitRangeGrain grain, LimitSlotClaim claim)
    {
        try
        {
            return await grain.ExchangeSlots(new LimitSlotRequest { FrontendId = "fe-1", Incarnation = 1, Sequence = ++_seq, LeastEpoch = 0, Claims = [claim] }) is { IsComplete: true };
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // Until the range decides. What is lost on the way may be counted as well, and the order of the keys has room for that.
    private async Task Use(string policy, string text, int count)
    {
        var key = KeyOf(text);
        var grain = _cluster.Cluster.Client.GetGrain<IRateLimitRangeGrain>(IRateLimitRangeGrain.KeyOf(policy, key.Range));
        await Eventually.Holds("the range decides nothing", async () => await TryExchange(grain, []));
        await Eventually.Holds("the range decides", async () => await TryExchange(grain, [new LimitAcquire(key.High, key.Low, count)]));
    }

    private async Task<bool> TryExchange(IRateLimitRangeGrain grain, LimitAcquire[] acquires)
    {
        try
        {
            return await grain.Exchange(new LimitRequest { FrontendId = "fe-1", Incarnation = 1, Seq = ++_seq, Acquires = acquires }) is not null;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
