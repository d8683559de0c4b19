using System.Globalization;
using System.Net;
using Orleans.Runtime.Hosting;
using OrleansLb.Contracts.Events;
using OrleansLb.Grains.Hosting;

namespace OrleansLb.Admin.Tests.Events;

/// <summary>Events that outlive every silo, where their storage does.</summary>
public sealed class KeptEventsTests
{
    private const string Events = "/api/v1/events";

    private readonly KeptStorage _storage = new();

    [Fact]
    public async Task Feed_EverySiloStartedAnew_HasTheEventsOfBeforeAndGoesOnAfterAnyOfThem()
    {
        long first, last;
        await using (var before = await Start(silos: 2))
        {
            await using var stream = await EventStream.Open(before.Url(Events));
            first = await Change(before, stream, "b0", "maintenance");
            last = await Change(before, stream, "b1", "maintenance");
        }

        _storage.KeepOnlyLog();
        await using var after = await Start(silos: 2);
        foreach (var silo in (int[])[0, 1])
        {
            var (status, document) = await after.Get($"{Events}?last=1000&after={first}", silo);
            Assert.Equal(HttpStatusCode.OK, status);
            var resumed = document!["events"]!.AsArray();
            Assert.Equal((last, "BackendStateChanged", "b1"), ((long)resumed[0]!["id"]!, (string)resumed[0]!["kind"]!, (string)resumed[0]!["backend"]!));
            var ids = resumed.Select(static each => (long)each!["id"]!).ToArray();
            Assert.Equal(ids.Order(), ids);
        }

        await using var reader = await EventStream.Open(after.Url(Events, silo: 1), first.ToString(CultureInfo.InvariantCulture));
        var connected = (await reader.NextOfAny())!;
        Assert.Equal(("Connected", null), ((string)connected["kind"]!, connected["detail"]));
        Assert.Equal(last, (long)(await reader.NextOfAny())!["id"]!);
        Assert.True(await Change(after, reader, "b0", "maintenance") > last);
    }

    [Fact]
    public async Task Feed_KeepsNone_StoresNothingAndIsResumedFromMemory()
    {
        await using (var cluster = await Start(silos: 1, ("OrleansLb:Events:Keep", "0")))
        {
            await using var stream = await EventStream.Open(cluster.Url(Events));
            var first = await Change(cluster, stream, "b0", "maintenance");
            var next = await Change(cluster, stream, "b0", "activate");

            await using var reader = await EventStream.Open(cluster.Url($"{Events}?after={first}"));
            await reader.Next("Connected");
            Assert.Equal(next, (long)(await reader.NextOfAny())!["id"]!);
        }

        Assert.False(_storage.HasLog);
    }

    [Fact]
    public async Task Feed_StoreOfTheLogIsAway_TellsOfEventsAndKeepsThemOnceItIsBack()
    {
        _storage.IsLogAway = true;
        await using var cluster = await Start(silos: 1);
        await using var stream = await EventStream.Open(cluster.Url(Events));
        var id = await Change(cluster, stream, "b0", "maintenance");

        _storage.IsLogAway = false;
        var log = cluster.Cluster.Client.GetGrain<IEventLogGrain>(ClusterEventStream.Key);
        await Eventually.Holds("it is kept", () => IsKept(log, id));
        Assert.True(_storage.HasLog);
    }

    /// <summary>Whether the log has an event. An activation that began before the store was back fails whoever calls it.</summary>
    private static async Task<bool> IsKept(IEventLogGrain log, long id)
    {
        try
        {
            return (await log.List()).Any(happened => happened.Id == id);
        }
        catch (OrleansException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Feed_AfterAnEventThatIsNotKept_SaysThatSomeMayBeMissing()
    {
        await using var cluster = await Start(silos: 1);
        await using var reader = await EventStream.Open(cluster.Url($"{Events}?after=7"));
        Assert.Contains("missing", (string)(await reader.Next("Connected"))["detail"]!, StringComparison.Ordinal);
        Assert.True((long)(await reader.Next("SiloJoined"))["id"]! > 7);
    }

    [Theory]
    [InlineData("?after=x")]
    [InlineData("?after=-1")]
    [InlineData("?last=5&after=")]
    public async Task Feed_AfterNoNumber_Is400(string query)
    {
        await using var cluster = await Start(silos: 1);
        Assert.Equal(HttpStatusCode.BadRequest, (await cluster.Get(Events + query)).Status);
    }

    private static async Task<long> Change(AdminCluster cluster, EventStream stream, string backend, string verb)
    {
        await cluster.Post($"/api/v1/pools/app/backends/{backend}/{verb}");
        while (true)
        {
            var change = await stream.Next("BackendStateChanged");
            if ((string)change["backend"]! == backend && (string)change["change"]!["cause"]! == "Admin")
                return (long)change["id"]!;
        }
    }

    private Task<AdminCluster> Start(int silos, params (string Key, string Value)[] settings) => AdminCluster.Start(silos, silo =>
    {
        foreach (var (key, value) in settings)
            silo.Configuration[key] = value;
        silo.Services.AddGrainStorage(GrainsSiloBuilderExtensions.StorageName, (_, _) => _storage);
    });
}
