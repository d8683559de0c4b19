using Microsoft.Extensions.Time.Testing;
using OrleansLb.Frontend.Http.Forwarding;

namespace OrleansLb.Frontend.Tests.Forwarding;

public sealed class DeadlineTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new();
    private readonly Deadline _deadline;

    public DeadlineTests() => _deadline = new Deadline(_clock);

    public void Dispose() => _deadline.Dispose();

    [Fact]
    public void Time_Over_CancelsAndMayNotBeUsedAgain()
    {
        _deadline.Begin(Timeout, CancellationToken.None);
        _clock.Advance(Timeout - TimeSpan.FromMilliseconds(2));
        Assert.False(_deadline.Token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        Assert.Equal((true, true, false), (_deadline.Token.IsCancellationRequested, _deadline.IsTimedOut, _deadline.IsAbandoned));
        Assert.False(_deadline.TryFinish());
        Assert.False(_deadline.End());
    }

    [Fact]
    public void Progress_BeforeTheEnd_PostponesIt()
    {
        _deadline.Begin(Timeout, CancellationToken.None);
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(29));
            Assert.False(_deadline.IsOver);
            _deadline.Progress();
        }

        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True(_deadline.IsTimedOut);
    }

    [Fact]
    public void Request_AfterAnother_HasItsOwnTime()
    {
        _deadline.Begin(Timeout, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.True(_deadline.End());
        _deadline.Begin(Timeout, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_deadline.IsOver);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_deadline.IsTimedOut);
    }

    [Fact]
    public void Time_ShorterThanThatBefore_IsHeeded()
    {
        _deadline.Begin(TimeSpan.FromMinutes(10), CancellationToken.None);
        _deadline.Use(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.True(_deadline.IsTimedOut);
    }

    [Fact]
    public void Time_WithoutEnd_IsNeverOver()
    {
        _deadline.Begin(System.Threading.Timeout.InfiniteTimeSpan, CancellationToken.None);
        _deadline.Progress();
        _clock.Advance(TimeSpan.FromDays(1000));
        Assert.False(_deadline.IsOver);
        Assert.True(_deadline.End());
    }

    [Fact]
    public void Time_LongerThanATimerTakes_IsHeeded()
    {
        _deadline.Begin(TimeSpan.FromDays(60), CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(59));
        Assert.False(_deadline.IsOver);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.True(_deadline.IsTimedOut);
        _deadline.End();

        using var other = new Deadline(_clock);
        other.Begin(TimeSpan.MaxValue, CancellationToken.None);
        Assert.False(other.IsOver);
    }

    [Fact]
    public void Time_OverWithoutARequest_IsNobodys()
    {
        _deadline.Begin(Timeout, CancellationToken.None);
        Assert.True(_deadline.End());
        _clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(_deadline.Token.IsCancellationRequested);
        _deadline.Begin(Timeout, CancellationToken.None);
        Assert.False(_deadline.IsOver);
    }

    [Fact]
    public void Client_Leaves_IsNotATimeout()
    {
        using var client = new CancellationTokenSource();
        _deadline.Begin(Timeout, client.Token);
        client.Cancel();
        Assert.Equal((true, false, true), (_deadline.Token.IsCancellationRequested, _deadline.IsTimedOut, _deadline.IsAbandoned));
    }

    [Fact]
    public void Client_LeavesWhenAllIsDone_ChangesNothing()
    {
        using var client = new CancellationTokenSource();
        _deadline.Begin(Timeout, client.Token);
        Assert.True(_deadline.TryFinish());
        client.Cancel();
        Assert.True(_deadline.End());
        Assert.False(_deadline.Token.IsCancellationRequested);
    }
}
