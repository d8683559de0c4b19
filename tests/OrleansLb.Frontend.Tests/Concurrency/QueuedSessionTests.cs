using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Concurrency;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;
using OrleansLb.Frontend.Tests.Affinity;
using OrleansLb.Frontend.Tests.LoadBalancing;
using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Frontend.Tests.Concurrency;

/// <summary>A session that waits for its own backend, which has one slot and one request in it, while the other backend has nothing to do.</summary>
public sealed class QueuedSessionTests : IAsyncDisposable
{
    private static readonly ConcurrencyDefinition One = new() { MaxRequestsPerBackend = 1, QueueLimit = 10 };

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });
    private HoldingBackend _its = null!;
    private HoldingBackend _other = null!;
    private FrontendHost _frontend = null!;
    private FrontendHostOptions _options = new();
    private Task<CookieAnswer> _running = null!;
    private Task<CookieAnswer> _waiting = null!;

    private FrontendPool Pool => _frontend.Services.GetRequiredService<PoolTable>().Current[FrontendHost.PoolId];

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _its.DisposeAsync();
        await _other.DisposeAsync();
        await _frontend.DisposeAsync();
    }

    [Fact]
    public async Task Session_ItsBackendIsFull_WaitsForItWhileOthersPass()
    {
        await Begin();
        var passing = CookieAnswer.Get(_client, new Uri(_frontend.Http1, "/passing"), null);
        await Eventually.Is(() => _other.Inside == 1);

        _other.Release();
        _its.Release();
        await Eventually.Is(() => _its.Arrivals.Length == 3);
        _its.Release();

        Assert.Equal([_its.Id, _its.Id, _other.Id], (await Task.WhenAll(_running, _waiting, passing)).Select(static answer => answer.Body));
    }

    [Fact]
    public async Task Session_ItsBackendLeavesTheConfiguration_GoesToAnother()
    {
        await Begin();

        await _frontend.Apply(_options, new Dictionary<string, string> { [_other.Id] = _other.Address }, 1);
        await Eventually.Is(() => _other.Inside == 1);

        await GoesElsewhere();
    }

    [Fact]
    public async Task Session_ItsBackendTakesNoSessionsAnyMore_GoesToAnotherAtOnceAndNeverThere()
    {
        await Begin();

        _frontend.Judge(id => (id == _other.Id, id == _other.Id));
        await Eventually.Is(() => _other.Inside == 1);

        await GoesElsewhere();
        Assert.Equal(["/", "/running"], _its.Arrivals);
    }

    [Fact]
    public async Task Session_ItsBackendTakesNoSessionsAnyMoreAndThePoolWantsThemToWait_Is503()
    {
        await Begin(AffinityFailurePolicyNames.Return503Error);

        _frontend.Judge(id => (id == _other.Id, id == _other.Id));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _waiting).Status);
        _its.Release();
        Assert.Equal(_its.Id, (await _running).Body);
        Assert.DoesNotContain("/waiting", _its.Arrivals.Concat(_other.Arrivals));
    }

    [Fact]
    public async Task Session_ItsBackendDrains_WaitsForItAllTheSame()
    {
        await Begin();

        _frontend.Judge(id => (id == _other.Id, true));
        _its.Release();
        await Eventually.Is(() => _its.Arrivals.Length == 3);
        _its.Release();

        Assert.Equal(_its.Id, (await _waiting).Body);
        await _running;
    }

    [Fact]
    public async Task Session_PoolLosesItsLimit_GoesToItsBackendAllTheSame()
    {
        await Begin();

        await _frontend.Apply(_options with { Concurrency = null }, new Dictionary<string, string> { [_its.Id] = _its.Address, [_other.Id] = _other.Address }, 1);
        await Eventually.Is(() => _its.Inside == 2);

        _its.ReleaseAll();
        Assert.All(await Task.WhenAll(_running, _waiting), answer => Assert.Equal(_its.Id, answer.Body));
    }

    private async Task Begin(string failurePolicy = AffinityFailurePolicyNames.Redistribute)
    {
        var (a, b) = (await HoldingBackend.Start("a"), await HoldingBackend.Start("b"));
        (_its, _other) = (a, b);
        _options = new FrontendHostOptions
        {
            Concurrency = One,
            Affinity = new SessionAffinityConfig { Enabled = true, Policy = "ClusterCookie", AffinityKeyName = FrontendHost.CookieName, FailurePolicy = failurePolicy },
        };
        _frontend = await FrontendHost.Start(_options, new Dictionary<string, string> { ["a"] = a.Address, ["b"] = b.Address });
        // A front-end that no silo ever answered goes on alone after a while, with the whole limit.
        _frontend.Clock.Advance(SlotLease.FirstAnswerTime);
        await Eventually.Is(() => Pool.Slots.All(static slot => slot.Gate.Allowed > 0));
        var first = CookieAnswer.Get(_client, new Uri(_frontend.Http1, "/"), null);
        await Eventually.Is(() => a.Inside + b.Inside == 1);
        (_its, _other) = a.Inside == 1 ? (a, b) : (b, a);
        _its.Release();
        var cookie = (await first).Cookie;
        await Eventually.Is(() => Pool.Slots.All(static slot => slot.Gate.InUse == 0));
        _running = CookieAnswer.Get(_client, new Uri(_frontend.Http1, "/running"), cookie);
        await Eventually.Is(() => _its.Inside == 1);
        _waiting = CookieAnswer.Get(_client, new Uri(_frontend.Http1, "/waiting"), cookie);
        await Eventually.Is(() => Pool.Admission.Waiting == 1);
    }

    private async Task GoesElsewhere()
    {
        _other.Release();
        _its.Release();
        Assert.Equal(_other.Id, (await _waiting).Body);
        Assert.Equal(_its.Id, (await _running).Body);
    }
}
