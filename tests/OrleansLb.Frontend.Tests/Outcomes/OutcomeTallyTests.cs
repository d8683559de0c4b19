using OrleansLb.Core;
using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Pools;

namespace OrleansLb.Frontend.Tests.Outcomes;

public sealed class OutcomeTallyTests
{
    private static readonly BackendKey Key = new(1);
    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(3);

    private readonly BackendSlot _slot = new(new BackendDefinition("a", new Uri("http://a/"), new Uri("http://a/"), null, 1, 1, Key));

    [Theory]
    [InlineData(101, 0, 0)]
    [InlineData(200, 0, 0)]
    [InlineData(404, 0, 0)]
    [InlineData(429, 0, 0)]
    [InlineData(500, 0, 1)]
    [InlineData(501, 0, 1)]
    [InlineData(502, 1, 1)]
    [InlineData(503, 1, 1)]
    [InlineData(504, 1, 1)]
    [InlineData(507, 0, 1)]
    public void Answered_CountsByItsStatus(int status, int gatewayFailures, int serverErrors)
    {
        _slot.Answered(TimeSpan.FromSeconds(9), Took, status);
        var expected = new OutcomeCounters(1, gatewayFailures, serverErrors, serverErrors == 0 ? Took : TimeSpan.Zero);
        Assert.Equal(new OutcomeEntry(Key, expected, gatewayFailures), _slot.Outcomes);
        Assert.Equal(TimeSpan.FromSeconds(9), _slot.LastAnswer);
    }

    [Fact]
    public void Failed_IsAnOutcomeAndNoAnswer()
    {
        _slot.Failed();
        Assert.Equal(new OutcomeEntry(Key, new OutcomeCounters(1, 1, 1, TimeSpan.Zero), 1), _slot.Outcomes);
        Assert.Null(_slot.LastAnswer);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public void Answered_AnythingButAGatewayFailure_EndsTheRun(int status)
    {
        for (var i = 0; i < 3; i++)
            _slot.Failed();
        Assert.Equal(3, _slot.Outcomes.Run);
        _slot.Answered(TimeSpan.Zero, Took, status);
        Assert.Equal(0, _slot.Outcomes.Run);
        _slot.Failed();
        Assert.Equal(1, _slot.Outcomes.Run);
    }

    [Fact]
    public async Task Outcomes_CountedFromManyThreads_AddUpAndNeverGoBack()
    {
        const int threads = 4;
        const int each = 20_000;
        var writers = Task.WhenAll(Enumerable.Range(0, threads).Select(thread => Task.Run(() => Write(thread, each))));
        var before = _slot.Outcomes.Counters;
        while (!writers.IsCompleted)
        {
            var (counters, run) = (_slot.Outcomes.Counters, _slot.Outcomes.Run);
            Assert.True(counters.Reached >= before.Reached && counters.GatewayFailures >= before.GatewayFailures && counters.HeadTime >= before.HeadTime);
            Assert.True(counters.ServerErrors <= counters.Answers && counters.GatewayFailures <= counters.ServerErrors && run >= 0);
            before = counters;
        }

        await writers;
        var expected = new OutcomeCounters(threads * each, threads * each / 4, threads * each / 2, Took * (threads * each / 2));
        Assert.Equal(expected, _slot.Outcomes.Counters);
    }

    private void Write(int thread, int times)
    {
        for (var i = 0; i < times; i++)
        {
            switch ((i + thread) % 4)
            {
                case 0: _slot.Failed(); break;
                case 1: _slot.Answered(TimeSpan.Zero, Took, 500); break;
                default: _slot.Answered(TimeSpan.Zero, Took, 200); break;
            }
        }
    }
}
