using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Snapshots;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Front-ends that start without any silo and have the share of the process before them on disk: half of ten tokens, one a second.</summary>
public sealed class ShareOnDiskTests
{
    private static readonly DateTimeOffset Start = new FakeTimeProvider().GetUtcNow();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_ShareOnDisk_IsServedAfterTheWaitFromAnEmptyBucket()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(folder => Leave(folder, Share)), backend);

        frontend.Clock.Advance(TimeSpan.FromSeconds(3.5));
        Assert.Equal(0, await Admitted(frontend));
        frontend.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(0, await Admitted(frontend));
        frontend.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(5, await Admitted(frontend));
    }

    [Fact]
    public async Task Start_ShareOnDisk_EndsADayAfterTheClusterAnsweredLast()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(folder => Leave(folder, Share with { HeardAt = Start.AddHours(-23) })), backend);

        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        await Admitted(frontend);
        frontend.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(5, await Admitted(frontend));
        frontend.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(0, await Admitted(frontend));
    }

    [Fact]
    public async Task Start_ShareIsOlderThanADay_IsNotServed()
    {
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(Limited(folder => Leave(folder, Share with { HeardAt = Start.AddHours(-25) })), backend);

        await AssertNothingIsServed(frontend);
    }

    [Theory]
    [InlineData("another front-end's")]
    [InlineData("from the future")]
    [InlineData("no part")]
    [InlineData("damaged")]
    public async Task Start_ShareCannotBeTrusted_IsPutAsideAndNotServed(string what)
    {
        var aside = "";
        await using var backend = await Backend.Start();
        await using var frontend = await FrontendHost.Start(
            Limited(folder =>
            {
                Leave(folder, what switch
                {
                    "another front-end's" => Share with { FrontendId = "fe-2" },
                    "from the future" => Share with { HeardAt = Start.AddDays(1) },
                    "no part" => Share with { Parts = 0 },
                    _ => Share,
                });
                if (what == "damaged")
                    File.WriteAllText(StoredAt(folder), File.ReadAllText(StoredAt(folder)).Replace("\"Parts\":2", "\"Parts\":1", StringComparison.Ordinal));
                aside = StoredAt(folder) + ".unusable";
            }),
            backend);

        await AssertNothingIsServed(frontend);
        Assert.True(File.Exists(aside));
    }

    private static StoredShare Share => new(FrontendHost.FrontendId, 2, Start.AddMinutes(-1));

    private static string StoredAt(string folder) => Path.Combine(folder, "limit-share.json");

    private static void Leave(string folder, StoredShare share) =>
        File.WriteAllBytes(StoredAt(folder), DataEnvelope.Write(share, DataJson.Default.StoredShare).Span);

    private static async Task AssertNothingIsServed(FrontendHost frontend)
    {
        frontend.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(0, await Admitted(frontend));
        frontend.Clock.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(0, await Admitted(frontend));
    }

    private static FrontendHostOptions Limited(Action<string> prepare) => new()
    {
        Prepare = prepare,
        RateLimit = new RateLimitPolicyDefinition
        {
            Name = "perClient",
            Algorithm = RateLimitAlgorithm.TokenBucket,
            TokenLimit = 10,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            WhenUnreachable = WhenUnreachable.Share,
        },
    };

    private static async Task<int> Admitted(FrontendHost frontend)
    {
        using var client = new HttpClient();
        var admitted = 0;
        for (var request = 0; request < 12; request++)
        {
            using var answer = await client.GetAsync(new Uri(frontend.Http1, "/id"), Cancellation);
            admitted += answer.StatusCode == HttpStatusCode.OK ? 1 : 0;
        }

        return admitted;
    }
}
