using System.Net;
using OrleansLb.Process.Tests.Faults.Figures;
using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults;

/// <summary>Processes that start while Redis and all silos are down.</summary>
public sealed class ColdStartTests(DeadCluster dead) : IClassFixture<DeadCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Start_RedisAndAllSilosDown_ServesFromTheSnapshotOnDisk_AndItsShareOfALimit()
    {
        var cold = dead.Processes.Restart(dead.Processes.Frontends[0]);

        var took = await Eventually.Holds("a cold front-end serves", Patience, async () => await dead.Processes.TryGet(cold.Address) is not null, () => cold.Output);
        await Eventually.Holds("a cold front-end admits what is limited", Patience, async () => await dead.Processes.TryGet(new Uri(cold.Address, DeadCluster.Limited)) is not null, () => cold.Output);
        await cold.Kill();
        FaultFigures.Say("F2", "Redis and all silos are down, and a front-end starts from its snapshot", "start until the first answer", Seen.Seconds(took), "3 s", "-");
    }

    [Fact]
    public async Task Start_SiloWithoutRedis_EndsWithOneLineThatNamesIt()
    {
        // Nobody has to wait for as long as silos do that are not told otherwise.
        await using var silo = dead.Processes.StartSilo("late", ProcessPlace.Loopback with
        {
            Environment = new Dictionary<string, string> { ["OrleansLb__Cluster__Redis"] = $"{dead.Processes.Redis!.ConnectionString},connectTimeout=1000,connectRetry=1" },
        });

        Assert.Equal(1, await silo.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Contains("OrleansLb.Silo: It was not possible to connect to the redis server", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NoSnapshotAndNoSilo_Answers503WithRetryAfter()
    {
        await using var cold = dead.Processes.StartFrontend("fe-new");
        using var client = new HttpClient();
        HttpResponseMessage? response = null;
        await Eventually.Holds("the front-end answers", Patience, async () =>
        {
            try
            {
                response = await client.GetAsync(cold.Address, TestContext.Current.CancellationToken);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        }, () => cold.Output);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response!.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Null(await dead.Processes.TryGet(new Uri(cold.Status, "/readyz")));
        Assert.NotNull(await dead.Processes.TryGet(new Uri(cold.Status, "/livez")));
    }
}
