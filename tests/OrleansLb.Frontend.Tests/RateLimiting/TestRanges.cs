using System.Globalization;
using System.Threading.Channels;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Frontend.Cluster;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>Ranges of one silo that answer when a test lets them, and note what they are asked.</summary>
internal sealed class TestRanges : IClusterLink
{
    private readonly Channel<RangeCall> _calls = Channel.CreateUnbounded<RangeCall>();

    public TestRanges() =>
        Grains = FoundGrains.By(key => new Range(this, int.Parse(key.Split('/')[1], CultureInfo.InvariantCulture)));

    /// <summary>The silo that the ranges say they are on.</summary>
    public int Silo { get; set; } = 7;

    /// <inheritdoc/>
    public IGrainFactory? Grains { get; set; }

    /// <inheritdoc/>
    public Task Linked => Task.CompletedTask;

    /// <summary>How many calls have arrived and were not looked at.</summary>
    public int Arrived => _calls.Reader.Count;

    /// <summary>The next call that arrived.</summary>
    public async Task<RangeCall> Next() =>
        await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    /// <summary>Answers each call that arrives, on another thread, until <see cref="End"/>; how many there were.</summary>
    public async Task<int> AnswerAll()
    {
        var count = 0;
        await foreach (var call in _calls.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            count++;
            ThreadPool.QueueUserWorkItem(static call => call.Answer(), call, preferLocal: false);
        }

        return count;
    }

    /// <summary>No call arrives any more.</summary>
    public void End() => _calls.Writer.Complete();

    public LimitReply Reply(LimitRequest request) => new() { Epoch = 1, Seq = request.Seq, Applied = true, ShareParts = 1, Silo = Silo };

    private RangeCall Note(int[] ranges, LimitRequest[] requests, CallKind kind)
    {
        var call = new RangeCall(ranges, requests, kind, this);
        Assert.True(_calls.Writer.TryWrite(call));
        return call;
    }

    private sealed class Range(TestRanges ranges, int number) : IRateLimitRangeGrain
    {
        public async ValueTask<LimitReply?> Exchange(LimitRequest request) => (await ranges.Note([number], [request], CallKind.Patient).Answered)[0];

        public async ValueTask<LimitReply?> ExchangeAtOnce(LimitRequest request) => (await ranges.Note([number], [request], CallKind.AtOnce).Answered)[0];

        public async ValueTask<LimitReply?[]> ExchangeAll(LimitPost post) => await ranges.Note(post.Ranges, post.Requests, CallKind.Message).Answered;

        public ValueTask<LimitSlotReply?> ExchangeSlots(LimitSlotRequest request) => throw new NotSupportedException();

        public ValueTask<LimitKeyUsage[]> MostUsed(int count) => throw new NotSupportedException();

        public ValueTask<LimitKeyUsage?> FindKey(ulong high, ulong low) => throw new NotSupportedException();

        public ValueTask<LimitKeyUsage?> ResetKey(ulong high, ulong low) => throw new NotSupportedException();
    }
}
