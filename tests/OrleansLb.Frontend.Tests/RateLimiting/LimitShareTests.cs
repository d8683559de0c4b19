using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using OrleansLb.Frontend.Leases;
using OrleansLb.Frontend.Snapshots;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>What is written of a share, when, and what the front-end says it relies on meanwhile.</summary>
public sealed class LimitShareTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly FakeTimeProvider _clock = new();

    private string StoredAt => Path.Combine(_folder, "limit-share.json");

    private StoredShare Stored => DataEnvelope.Read(File.ReadAllBytes(StoredAt), DataJson.Default.StoredShare);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keep_Registered_IsWrittenForItsOwnerOnly()
    {
        var share = Create();
        share.Told(2);
        share.Registered();
        share.Keep(TimeSpan.FromSeconds(3));

        Assert.Equal(new StoredShare("fe-1", 2, _clock.GetUtcNow().AddSeconds(-3)), Stored);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(StoredAt));
    }

    [Fact]
    public void Keep_NotRegisteredYet_LeavesTheDiskAlone()
    {
        var first = Registered(parts: 2);
        first.Keep(TimeSpan.Zero);
        var stored = Stored;
        _clock.Advance(TimeSpan.FromHours(2));

        var second = Create();
        second.Keep(TimeSpan.FromSeconds(1));

        Assert.Equal(stored, Stored);
        Assert.Equal((2, 2, TimeSpan.FromHours(2)), (second.Parts, second.Claimed, second.SilentBefore));
        second.Registered();
        Assert.Equal(TimeSpan.Zero, second.SilentBefore);
    }

    [Fact]
    public void Claimed_ShareShrinks_IsTheLargerOneUntilTheDiskHasTheSmaller()
    {
        var share = Registered(parts: 2);
        share.Keep(TimeSpan.Zero);

        share.Told(5);
        Assert.Equal((5, 2), (share.Parts, share.Claimed));

        share.Keep(TimeSpan.Zero);
        Assert.Equal((5, 5), (Stored.Parts, share.Claimed));
    }

    [Fact]
    public void Claimed_ShareGrows_IsTheLargerOneBeforeTheDiskHasIt()
    {
        var share = Registered(parts: 5);
        share.Keep(TimeSpan.Zero);

        share.Told(2);

        Assert.Equal((5, 2), (Stored.Parts, share.Claimed));
    }

    [Fact]
    public void Keep_CannotBeWritten_ClaimsWhatIsOnDiskAndTriesAgainAfterAMinute()
    {
        var share = Registered(parts: 2);
        share.Keep(TimeSpan.Zero);
        share.Told(5);
        var obstacle = Directory.CreateDirectory(StoredAt + ".tmp");

        share.Keep(TimeSpan.Zero);
        Assert.Equal(2, share.Claimed);
        obstacle.Delete();
        share.Keep(TimeSpan.Zero);
        Assert.Equal(2, share.Claimed);
        _clock.Advance(TimeSpan.FromMinutes(1));
        share.Keep(TimeSpan.Zero);

        Assert.Equal((5, 5), (Stored.Parts, share.Claimed));
    }

    [Fact]
    public void Keep_NothingChanges_RenewsTheAgeEveryHourWhileTheClusterAnswers()
    {
        var share = Registered(parts: 2);
        share.Keep(TimeSpan.Zero);
        var first = Stored;

        _clock.Advance(TimeSpan.FromMinutes(59));
        share.Keep(TimeSpan.Zero);
        Assert.Equal(first, Stored);
        _clock.Advance(TimeSpan.FromMinutes(2));
        share.Keep(TimeSpan.FromMinutes(2));
        Assert.Equal(first, Stored);
        share.Keep(TimeSpan.Zero);
        Assert.Equal(_clock.GetUtcNow(), Stored.HeardAt);
    }

    [Fact]
    public void TryGiveUp_Always_LeavesNothingOnDiskForGood()
    {
        var share = Registered(parts: 2);
        share.Keep(TimeSpan.Zero);

        Assert.True(share.TryGiveUp());
        share.Told(3);
        share.Keep(TimeSpan.Zero);

        Assert.False(File.Exists(StoredAt));
    }

    [Fact]
    public async Task Stop_InGoodOrder_TakesTheShareOffTheDisk()
    {
        await using var cluster = await TestClusters.Start();
        await using (var frontend = await ClusterFrontend.Start(_folder, cluster.Client))
        {
            await Eventually.Is(() => File.Exists(StoredAt));
            Assert.Equal(1, frontend.Services.GetRequiredService<LimitShare>().Parts);
            await frontend.Services.GetRequiredService<IHost>().StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.False(File.Exists(StoredAt));
        Assert.True(File.Exists(Path.Combine(_folder, "incarnation.json")));
    }

    private LimitShare Registered(int parts)
    {
        var share = Create();
        share.Told(parts);
        share.Registered();
        return share;
    }

    private LimitShare Create()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var options = Options.Create(new FrontendOptions { Id = "fe-1", DataDirectory = _folder });
        return new LimitShare(new LimitShareFile(options, new DataFileMetrics(meters), _clock, NullLogger<LimitShareFile>.Instance), new LimitClock(_clock));
    }
}
