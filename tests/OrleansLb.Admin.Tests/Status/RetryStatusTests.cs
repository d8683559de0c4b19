using OrleansLb.Contracts.Backends;

namespace OrleansLb.Admin.Tests.Status;

/// <summary>What was sent a second time in the whole cluster, as the status says it.</summary>
public sealed class RetryStatusTests : IAsyncLifetime
{
    private AdminCluster _cluster = null!;

    public async ValueTask InitializeAsync() => _cluster = await AdminCluster.Start();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Status_OfAPool_HasTheSumOverItsFrontends_AndNothingWhileNoneTells()
    {
        Assert.Null(await Retries());
        await Report("old", 1, null);
        Assert.Null(await Retries());

        await Report("fe-1", 1, new RetryCount(1000, 30, 2, 170));
        await Report("fe-2", 1, new RetryCount(500, 5, 0, int.MaxValue));
        Assert.Equal("""{"requests":1500,"repeated":35,"denied":2,"left":2147483647}""", await Retries());

        await Report("fe-2", 2, new RetryCount(600, 7, 1, 40));
        Assert.Equal("""{"requests":1600,"repeated":37,"denied":3,"left":210}""", await Retries());

        await Pool.Leave("fe-1", 1);
        Assert.Equal("""{"requests":600,"repeated":7,"denied":1,"left":40}""", await Retries());
    }

    [Fact]
    public async Task Report_ThatCannotBeTrue_IsRefusedAndCountsForNothing()
    {
        Assert.Equal(WireLoadRefusal.Traffic, (await Report("fe-1", 1, new RetryCount(1, -1, 0, 0))).Refusal);
        Assert.Null(await Retries());
    }

    private IPoolGrain Pool => _cluster.Cluster.Client.GetGrain<IPoolGrain>("app");

    private async Task<ExchangeReply> Report(string frontend, long sequence, RetryCount? retries) => await Pool.Exchange(new ExchangeRequest
    {
        FrontendId = frontend,
        Incarnation = 1,
        Sequence = sequence,
        BaseSequence = 0,
        AckedEpoch = new LoadEpoch(0, ""),
        AckedVersion = 0,
        Tau = TimeSpan.FromMinutes(1),
        Arrivals = 0,
        Completions = 0,
        ServiceTime = TimeSpan.Zero,
        Entries = [],
        Retries = retries,
    });

    private async Task<string?> Retries() => (await _cluster.Get("/api/v1/status")).Body!["pools"]![0]!["retries"]?.ToJsonString();
}
