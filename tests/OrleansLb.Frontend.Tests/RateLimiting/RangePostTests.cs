using Microsoft.Extensions.Time.Testing;
using OrleansLb.Contracts.RateLimits;
using OrleansLb.Frontend.Leases;

namespace OrleansLb.Frontend.Tests.RateLimiting;

/// <summary>How what ranges are told gets to their silo.</summary>
public sealed class RangePostTests
{
    private const int CallsByThemselves = 4;

    private readonly FakeTimeProvider _time = new();
    private readonly TestRanges _ranges = new();
    private readonly RangePost _post = new();
    private readonly Dictionary<int, RangeLetter> _letters = [];
    private long _seq;

    [Fact]
    public async Task Exchange_SilosNotKnown_EachRangeIsAskedByItself()
    {
        var answers = Tell(1, 2, 3, 4, 5, 6, 7, 8);

        var calls = await Calls(8);

        Assert.All(calls, static call => Assert.Equal(CallKind.Patient, call.Kind));
        calls.ForEach(static call => call.Answer());
        Assert.All(await Task.WhenAll(answers), static reply => Assert.Equal(7, reply!.Silo));
    }

    [Fact]
    public async Task Exchange_MoreThanAFewOfOneSilo_TheRestGoesInOneMessage()
    {
        await Know(1, 2, 3, 4, 5, 6, 7);
        var answers = Tell(1, 2, 3, 4, 5, 6, 7);
        var first = await Calls(CallsByThemselves);
        Assert.Equal([1, 2, 3, 4], first.Select(static call => call.Ranges.Single()).Order());
        Assert.Equal(0, _ranges.Arrived);

        first[0].Answer();

        var message = await _ranges.Next();
        Assert.Equal(CallKind.Message, message.Kind);
        Assert.Equal([5, 6, 7], message.Ranges);
        message.Answer();
        first[1..].ForEach(static call => call.Answer());
        Assert.Equal([8, 9, 10, 11, 12, 13, 14], (await Task.WhenAll(answers)).Select(static reply => reply!.Seq));
    }

    [Fact]
    public async Task Exchange_OneWaits_ItIsAskedByItself()
    {
        var (calls, answers) = await Gather(5);

        calls[0].Answer();

        var call = await _ranges.Next();
        Assert.Equal(CallKind.AtOnce, call.Kind);
        Assert.Equal([5], call.Ranges);
        call.Answer();
        Assert.NotNull(await answers[4]);
    }

    [Fact]
    public async Task Exchange_ARangeOfTheMessageCannotAnswerAtOnce_ItIsAskedTheSameByItself()
    {
        var (calls, answers) = await Gather(5, 6);
        calls[0].Answer();
        var message = await _ranges.Next();

        message.Answer(butFor: 6);

        var call = await _ranges.Next();
        Assert.Equal(CallKind.Patient, call.Kind);
        Assert.Equal([6], call.Ranges);
        Assert.Same(message.Requests[1], call.Requests[0]);
        Assert.NotNull(await answers[4]);
        call.Answer();
        Assert.NotNull(await answers[5]);
    }

    [Fact]
    public async Task Exchange_RangesThatNeedTime_OthersDoNotWaitForThem()
    {
        var (calls, answers) = await Gather(5);
        Assert.All(calls, static call => Assert.Equal(CallKind.AtOnce, call.Kind));

        calls.ForEach(static call => call.Answer(butFor: call.Ranges[0]));

        var next = await Calls(CallsByThemselves + 1);
        Assert.Equal([1, 2, 3, 4], next.Where(static call => call.Kind == CallKind.Patient).Select(static call => call.Ranges.Single()).Order());
        next.Single(static call => call.Kind == CallKind.AtOnce).Answer();
        Assert.NotNull(await answers[4]);
    }

    [Fact]
    public async Task Exchange_HadToWait_CountsFromWhenItWasSent()
    {
        var (calls, answers) = await Gather(5);
        var begun = _letters[1].SentAt;
        _time.Advance(TimeSpan.FromSeconds(2));

        calls[0].Answer();
        (await _ranges.Next()).Answer();
        await answers[4];

        Assert.Equal(begun + TimeSpan.FromSeconds(2), _letters[5].SentAt);
        Assert.Equal(begun, _letters[2].SentAt);
    }

    [Fact]
    public async Task Exchange_AnswerIsOfAnotherShape_EachIsAskedByItself()
    {
        var (calls, answers) = await Gather(5, 6);
        calls[0].Answer();

        (await _ranges.Next()).AnswerNothing();

        (await Calls(2)).ForEach(static call => call.Answer());
        Assert.NotNull(await answers[4]);
        Assert.NotNull(await answers[5]);
    }

    [Fact]
    public async Task Exchange_MessageFails_SoDoAllInItAndThoseThatWaitAskByThemselves()
    {
        await Know(7, 8);
        var (calls, answers) = await Gather(5, 6);
        calls[0].Answer();
        var message = await _ranges.Next();
        var waiting = Tell(7, 8);

        message.Fail();

        await Assert.ThrowsAsync<TimeoutException>(() => answers[4]);
        await Assert.ThrowsAsync<TimeoutException>(() => answers[5]);
        var alone = await Calls(2);
        Assert.All(alone, static call => Assert.Equal(CallKind.Patient, call.Kind));
        alone.ForEach(static call => call.Answer());
        await Task.WhenAll(waiting);
    }

    // A silo's exception has the type here that it had there.
    [Fact]
    public async Task Exchange_SilosMemoryEnds_ThoseInTheMessageAreToldAndTheNextGoOn()
    {
        var (calls, answers) = await Gather(5, 6);
        calls[0].Answer();

        (await _ranges.Next()).Fail(new InsufficientMemoryException());

        await Assert.ThrowsAsync<InsufficientMemoryException>(() => answers[4]);
        await Assert.ThrowsAsync<InsufficientMemoryException>(() => answers[5]);
        calls[1..].ForEach(static call => call.Answer());
        await Task.WhenAll(answers[..CallsByThemselves]);
        // The message's place is free again: as many as before are asked without an answer to any of them.
        Tell(1, 2, 3, 4);
        await Calls(CallsByThemselves);
    }

    [Fact]
    public async Task Exchange_CallFails_ThoseThatWaitAskByThemselves()
    {
        var (calls, answers) = await Gather(5, 6);

        calls[0].Fail();

        await Assert.ThrowsAsync<TimeoutException>(() => answers[calls[0].Ranges[0] - 1]);
        var alone = await Calls(2);
        Assert.All(alone, static call => Assert.Equal(CallKind.Patient, call.Kind));
        alone.ForEach(static call => call.Answer());
        Assert.NotNull(await answers[4]);
    }

    [Fact]
    public async Task Exchange_RangeFailed_NothingIsKnownOfItsSilo()
    {
        await Know(1);
        var failing = Tell(1);
        (await _ranges.Next()).Fail();
        await Assert.ThrowsAsync<TimeoutException>(() => failing[0]);

        Assert.Equal(0, _letters[1].Silo);
    }

    [Fact]
    public async Task Exchange_RangesOfTwoSilos_DoNotWaitForEachOther()
    {
        await Know(1, 2, 3, 4);
        _ranges.Silo = 8;
        await Know(5);

        Tell(1, 2, 3, 4);
        await Calls(CallsByThemselves);
        Tell(5);

        var other = await _ranges.Next();
        Assert.Equal([5], other.Ranges);
    }

    [Fact]
    public async Task Exchange_MuchToSay_GoesInSeveralMessages()
    {
        int[] numbers = [5, 6, 7, 8, 9, 10, 11];
        await Know(1, 2, 3, 4);
        await Know(numbers);
        Tell(1, 2, 3, 4);
        var calls = await Calls(CallsByThemselves);
        Tell(numbers, entries: 512);

        calls[0].Answer();
        var first = await _ranges.Next();
        first.Answer();

        var second = await _ranges.Next();
        Assert.Equal([5, 6, 7], first.Ranges);
        Assert.Equal([8, 9, 10], second.Ranges);
    }

    [Fact]
    public async Task Exchange_NoWayToTheClusterAnyMore_Fails()
    {
        await Know(1);
        _ranges.Grains = null;

        await Assert.ThrowsAsync<OrleansException>(() => Tell(1)[0]);
    }

    // Whatever the order in which calls end, nobody waits for one that nobody sends.
    [Fact]
    public async Task Exchange_ManyAtOnce_EachIsAnsweredAsItAsked()
    {
        int[] numbers = [.. Enumerable.Range(1, 64)];
        await Know(numbers);
        var answering = _ranges.AnswerAll();

        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (number, _) =>
        {
            for (var round = 0; round < 500; round++)
            {
                var request = Request(entries: 0);
                var reply = await _post.Exchange(_letters[number], request).AsTask().WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None);
                Assert.Equal(request.Seq, reply!.Seq);
            }
        });

        _ranges.End();
        Assert.True(await answering < 64 * 500, "Nothing went together.");
    }

    /// <summary>As many calls as go by themselves, and further ranges that wait.</summary>
    private async Task<(List<RangeCall> Calls, Task<LimitReply?>[] Answers)> Gather(params int[] waiting)
    {
        int[] numbers = [1, 2, 3, 4, .. waiting];
        await Know(numbers);
        var answers = Tell(numbers);
        return (await Calls(CallsByThemselves), answers);
    }

    /// <summary>Lets ranges be heard of.</summary>
    private async Task Know(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            var answer = Tell(number)[0];
            (await _ranges.Next()).Answer();
            await answer;
        }
    }

    private Task<LimitReply?>[] Tell(params int[] numbers) => Tell(numbers, entries: 0);

    private Task<LimitReply?>[] Tell(int[] numbers, int entries) => [.. numbers.Select(number =>
    {
        if (!_letters.TryGetValue(number, out var letter))
            _letters.Add(number, letter = new RangeLetter(_ranges, "policy", number, new LimitClock(_time)));
        return _post.Exchange(letter, Request(entries)).AsTask();
    })];

    private LimitRequest Request(int entries) => new() { FrontendId = "f1", Incarnation = 1, Seq = Interlocked.Increment(ref _seq), Acquires = new LimitAcquire[entries] };

    private async Task<List<RangeCall>> Calls(int count)
    {
        var calls = new List<RangeCall>();
        while (calls.Count < count)
            calls.Add(await _ranges.Next());
        return calls;
    }
}
