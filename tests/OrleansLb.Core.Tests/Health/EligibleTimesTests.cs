using OrleansLb.Core.Health;

namespace OrleansLb.Core.Tests.Health;

public sealed class EligibleTimesTests
{
    private static readonly BackendKey A = BackendKey.Of("pool", "a", 1);
    private static readonly BackendKey B = BackendKey.Of("pool", "b", 1);

    private readonly EligibleTimes _times = new();

    [Fact]
    public void Since_ThereFromTheStart_HasNoMoment()
    {
        Observe(1, (A, true), (B, true));
        Assert.Null(_times.Since(A));
    }

    [Fact]
    public void Since_CameBack_IsWhenItDid()
    {
        Observe(1, (A, true), (B, true));
        Observe(2, (A, false), (B, true));
        Assert.Null(_times.Since(A));
        Observe(3, (A, true), (B, true));
        Observe(4, (A, true), (B, false));
        Assert.Equal(TimeSpan.FromSeconds(3), _times.Since(A));
    }

    [Fact]
    public void Since_JoinedARunningPool_IsWhenItDid()
    {
        Observe(1, (A, true));
        Observe(5, (A, true), (B, true));
        Assert.Equal((null, TimeSpan.FromSeconds(5)), (_times.Since(A), _times.Since(B)));
    }

    [Fact]
    public void Since_LeftAndReturned_CountsAnew()
    {
        Observe(1, (A, true), (B, true));
        Observe(2, (A, true));
        Observe(7, (A, true), (B, true));
        Assert.Equal(TimeSpan.FromSeconds(7), _times.Since(B));
    }

    [Fact]
    public void Restore_BackendThatIsOut_IsNotBelieved()
    {
        Observe(1, (A, false), (B, true));
        _times.Restore(A, TimeSpan.FromSeconds(-9));
        _times.Restore(B, TimeSpan.FromSeconds(-9));
        Assert.Equal((null, TimeSpan.FromSeconds(-9)), (_times.Since(A), _times.Since(B)));
    }

    private void Observe(double seconds, params (BackendKey Key, bool Takes)[] backends) => _times.Observe(
        new PoolEligibility(1, PoolEligibility.Ordered(backends.Select(static backend => new BackendStatus(backend.Key, BackendState.Up, backend.Takes, true, false, false))), false),
        TimeSpan.FromSeconds(seconds));
}
