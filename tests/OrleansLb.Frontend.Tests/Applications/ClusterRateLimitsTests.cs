using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.RateLimiting;
using Orleans.TestingHost;
using OrleansLb.Configuration;
using OrleansLb.Contracts.Backends;
using OrleansLb.Contracts.Frontends;
using OrleansLb.Frontend.Tests.LoadBalancing;
using OrleansLb.Testing.Clusters;
using OrleansLb.Testing.Routing;

namespace OrleansLb.Frontend.Tests.Applications;

/// <summary>An application and a front-end that use the same limits of a cluster.</summary>
public sealed class ClusterRateLimitsTests : IAsyncLifetime
{
    private const int Limit = 10;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb").FullName;
    private readonly HttpClient _client = new();
    private Backend _backend = null!;
    private InProcessTestCluster _cluster = null!;
    private ClusterFrontend _frontend = null!;
    private LimitedApplication _application = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _backend = await Backend.Start();
        _cluster = await TestClusters.Start();
        var version = await _cluster.Client.Apply(Configuration(_backend.Address));
        _frontend = await ClusterFrontend.Start(Path.Combine(_directory, "frontend"), _cluster.Client);
        _application = await LimitedApplication.Start(Path.Combine(_directory, "application"), _cluster.Client, "limit");
        await _frontend.Configuration.Reaches(version);
        await _application.Configuration.Reaches(version);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
        await _frontend.DisposeAsync();
        await _cluster.DisposeAsync();
        await _backend.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Acquire_FrontendSpentSome_OnlyTheRestIsAdmitted()
    {
        using var limiter = _application.Limits.Limiter("limit", "a");
        for (var i = 0; i < 4; i++)
            Assert.Equal(HttpStatusCode.OK, await Get(_frontend.Address, "a"));
        for (var i = 4; i < Limit; i++)
            Assert.True((await limiter.AcquireAsync(1, Cancellation)).IsAcquired);

        using var refused = await limiter.AcquireAsync(1, Cancellation);
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter));
        Assert.InRange(retryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.TooManyRequests, await Get(_frontend.Address, "a"));
        Assert.Equal((Limit - 4, 1), (limiter.GetStatistics()!.TotalSuccessfulLeases, limiter.GetStatistics()!.TotalFailedLeases));
    }

    [Fact]
    public async Task Endpoint_MoreRequestsThanTheLimit_Answers429WithRetryAfter()
    {
        for (var i = 0; i < Limit; i++)
            Assert.Equal(HttpStatusCode.OK, await Get(_application.Address, "b"));

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_application.Address, "/id")) { Headers = { { "X-Key", "b" } } };
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, await Get(_application.Address, "another"));
    }

    [Fact]
    public async Task AttemptAcquire_WithoutLease_DecidesNothingAndChargesNothing()
    {
        using var limiter = _application.Limits.Limiter("limit", "c");
        for (var i = 0; i < 2 * Limit; i++)
            Assert.False(limiter.AttemptAcquire().IsAcquired);
        Assert.True((await limiter.AcquireAsync(Limit, Cancellation)).IsAcquired);
    }

    [Fact]
    public async Task AttemptAcquire_Leased_IsPaidByTheLease()
    {
        using var limiter = _application.Limits.Partitioned<string>("leased", static user => user);
        await Eventually.Is(async () =>
        {
            await limiter.AcquireAsync("d", 1, Cancellation);
            return limiter.AttemptAcquire("d").IsAcquired;
        });
    }

    [Fact]
    public async Task Acquire_MoreThanTheLimitEverHas_IsRefusedForGood()
    {
        using var limiter = _application.Limits.Limiter("limit", "e");
        using var refused = await limiter.AcquireAsync(Limit + 1, Cancellation);
        Assert.False(refused.IsAcquired);
        Assert.False(refused.TryGetMetadata(MetadataName.RetryAfter, out _));
        Assert.True((await limiter.AcquireAsync(Limit, Cancellation)).IsAcquired);
        Assert.False((await limiter.AcquireAsync(1, Cancellation)).IsAcquired);
        Assert.False(limiter.AttemptAcquire(0).IsAcquired);
    }

    [Fact]
    public async Task Acquire_PolicyIsUnknown_IsRefusedWithTheReason()
    {
        using var limiter = _application.Limits.Limiter("none", "f");
        using var refused = await limiter.AcquireAsync(1, Cancellation);
        Assert.False(refused.IsAcquired);
        Assert.True(refused.TryGetMetadata(MetadataName.ReasonPhrase, out var reason));
        Assert.Contains("no such policy", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_CancelledInTheQueue_Throws()
    {
        using var limiter = _application.Limits.Limiter("queue", "g");
        Assert.True((await limiter.AcquireAsync(1, Cancellation)).IsAcquired);
        using var caller = new CancellationTokenSource();
        var waiting = limiter.AcquireAsync(1, caller.Token).AsTask();
        Assert.Null(limiter.IdleDuration);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.NotNull(limiter.IdleDuration);
    }

    [Fact]
    public async Task Configuration_OfTheApplication_HoldsNoKeysInMemoryNorOnDisk()
    {
        var (given, kept) = (_frontend.Configuration.Current.Snapshot.Keys, _application.Configuration.Current.Snapshot.Keys);
        Assert.False(given.Keys.IsEmpty || given.SessionSecret.IsEmpty);
        Assert.Equal((true, "", true), (kept.Keys.IsEmpty, kept.SigningKeyId, kept.SessionSecret.IsEmpty));
        await IsWritten("frontend", holdsKeys: true);
        await IsWritten("application", holdsKeys: false);
    }

    [Fact]
    public async Task Start_EarlierBuildLeftKeysOnDisk_AreRemoved()
    {
        await IsWritten("frontend", holdsKeys: true);
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "earlier")).FullName;
        File.Copy(SnapshotOf("frontend"), SnapshotOf("earlier"));

        await using var application = await LimitedApplication.Start(folder, _cluster.Client, "limit");

        Assert.Equal(_frontend.Configuration.Current.Snapshot.Version, application.Configuration.Current.Snapshot.Version);
        Assert.True(application.Configuration.Current.Snapshot.Keys.Keys.IsEmpty);
        await IsWritten("earlier", holdsKeys: false);
    }

    [Fact]
    public async Task Lease_OfALimitInFlight_HoldsItsPermitsUntilItIsDisposed()
    {
        using var limiter = _application.Limits.Limiter("inFlight", "h");
        using var first = await Acquired(limiter, 2);
        using var second = await Acquired(limiter, 1);
        using var refused = await limiter.AcquireAsync(1, Cancellation);
        Assert.False(refused.IsAcquired);

        first.Dispose();
        first.Dispose();

        await Eventually.Is(async () =>
        {
            using var next = await limiter.AcquireAsync(2, Cancellation);
            return next.IsAcquired;
        });
        using var tooMany = await limiter.AcquireAsync(3, Cancellation);
        Assert.False(tooMany.IsAcquired);
        using var rest = await Acquired(limiter, 2);
        await Eventually.Is(async () =>
        {
            using var none = await limiter.AcquireAsync(1, Cancellation);
            Assert.False(none.IsAcquired);
            return none.TryGetMetadata(MetadataName.RetryAfter, out _);
        });
        // Also now that it is known that there are none.
        using var never = await limiter.AcquireAsync(4, Cancellation);
        Assert.False(never.TryGetMetadata(MetadataName.RetryAfter, out _));
    }

    /// <summary>Until the cluster has settled, or where an answer comes too late, nobody decides.</summary>
    private static async Task<RateLimitLease> Acquired(RateLimiter limiter, int permits)
    {
        RateLimitLease? acquired = null;
        await Eventually.Is(async () =>
        {
            acquired?.Dispose();
            acquired = await limiter.AcquireAsync(permits, Cancellation);
            return acquired.IsAcquired;
        });
        return acquired!;
    }

    [Fact]
    public async Task Drain_ApplicationIsThere_EndsWithoutIt()
    {
        var directory = _cluster.Client.GetGrain<IFrontendDirectoryGrain>(IFrontendDirectoryGrain.Key);
        await Eventually.Is(async () => (await directory.List()) is { Settled: true, Entries.Length: 2 });
        Assert.Equal("fe-1", (await directory.List()).Carriers.Single().FrontendId);

        var backend = _cluster.Client.GetGrain<IBackendGrain>(BackendGrainKey.Of("app", "b0"));
        await backend.Decide(WireAdminState.Draining, null, "test");
        await Eventually.Is(async () => (await backend.GetDecision()).DrainedAt is not null);
    }

    private string SnapshotOf(string member) => Path.Combine(_directory, member, "snapshot.json");

    /// <summary>The snapshot of a member is on disk, and has the cluster's secrets or not.</summary>
    private async Task IsWritten(string member, bool holdsKeys)
    {
        await Eventually.Is(() => File.Exists(SnapshotOf(member)), "the snapshot is written");
        var text = await File.ReadAllTextAsync(SnapshotOf(member), Cancellation);
        var ring = _frontend.Configuration.Current.Snapshot.Keys;
        foreach (var secret in ring.Keys.Select(static key => key.Secret).Append(ring.SessionSecret))
            Assert.Equal(holdsKeys, JsonNode.Parse(text)!.ToJsonString(Plain).Contains(Convert.ToBase64String(secret.AsSpan()), StringComparison.Ordinal));
    }

    private static SettingsDocument Configuration(string backend) => TestConfigurations.OnePool(backend).With(
    [
        ("ReverseProxy:Routes:app:RateLimiterPolicy", "limit"),
        .. Bucket("limit", Limit, "Exact"),
        .. Bucket("leased", 100_000, "Leased"),
        ("OrleansLb:RateLimiting:Policies:inFlight:Algorithm", "Concurrency"),
        ("OrleansLb:RateLimiting:Policies:inFlight:PermitLimit", "3"),
        ("OrleansLb:RateLimiting:Policies:queue:Algorithm", "LeakyBucket"),
        ("OrleansLb:RateLimiting:Policies:queue:PermitLimit", "2"),
        ("OrleansLb:RateLimiting:Policies:queue:Window", "00:01:00"),
        ("OrleansLb:RateLimiting:Policies:queue:QueueLimit", "1"),
    ]);

    private static (string Key, string? Value)[] Bucket(string name, int tokens, string mode) =>
    [
        ($"OrleansLb:RateLimiting:Policies:{name}:Algorithm", "TokenBucket"),
        ($"OrleansLb:RateLimiting:Policies:{name}:TokenLimit", $"{tokens}"),
        ($"OrleansLb:RateLimiting:Policies:{name}:TokensPerPeriod", $"{tokens}"),
        ($"OrleansLb:RateLimiting:Policies:{name}:ReplenishmentPeriod", "05:00:00"),
        ($"OrleansLb:RateLimiting:Policies:{name}:Mode", mode),
        ($"OrleansLb:RateLimiting:Policies:{name}:Partition", "Header"),
        ($"OrleansLb:RateLimiting:Policies:{name}:PartitionHeader", "X-Key"),
    ];

    private async Task<HttpStatusCode> Get(Uri address, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/id")) { Headers = { { "X-Key", key } } };
        using var answer = await _client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
