using System.Runtime.CompilerServices;
using OrleansLb.Contracts;
using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Frontend.Leases;

/// <summary>
/// The way to the ranges of one policy that one silo holds. A range is asked at once and by itself while few others are; beyond that letters gather until a call is over, and
/// go with one message: a call costs far more than what it asks.
/// </summary>
internal sealed class SiloPost
{
    /// <summary>With fewer the processors wait for each other, with more the messages are small; 4 has the best tails with 16 and 64 keys that are asked for at once.</summary>
    private const int MostCalls = 4;

    /// <summary>Entries of all letters in a message, so that it stays well below what Orleans carries.</summary>
    private const int LargestMessage = 2048;

    private readonly Lock _lock = new();
    private readonly Queue<RangeLetter> _waiting = new();
    private int _calls;

    /// <summary>Asks a range by itself.</summary>
    public static ValueTask<LimitReply?> Ask(RangeLetter letter) => GrainOf(letter).Exchange(letter.Content);

    /// <summary>Asks a range, by itself or with others.</summary>
    public ValueTask<LimitReply?> Exchange(RangeLetter letter) => TryBeginCall(letter) ? AskNow(letter) : AskAfterwards(letter);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LimitReply?> AskNow(RangeLetter letter)
    {
        try
        {
            return await Ask(letter);
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            Disperse();
            throw;
        }
        finally
        {
            _ = GoOn();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<LimitReply?> AskAfterwards(RangeLetter letter) => await letter.Answer ?? await Ask(letter);

    /// <summary>Whether a letter may go at once; if not it waits for the others.</summary>
    private bool TryBeginCall(RangeLetter letter)
    {
        lock (_lock)
        {
            if (_calls == MostCalls)
            {
                _waiting.Enqueue(letter);
                return false;
            }

            _calls++;
            return true;
        }
    }

    /// <summary>Uses the place of a call that is over for what has gathered.</summary>
    private async Task GoOn()
    {
        while (TakeGathered() is { } letters)
            await Send(letters);
    }

    /// <summary>What has gathered; <see langword="null"/> where that is nothing, and the call has ended.</summary>
    private List<RangeLetter>? TakeGathered()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _calls--;
                return null;
            }

            var (letters, size) = (new List<RangeLetter>(), 0);
            while (size < LargestMessage && _waiting.TryDequeue(out var letter))
            {
                letters.Add(letter);
                size += letter.Size;
            }

            return letters;
        }
    }

    private async ValueTask Send(List<RangeLetter> letters)
    {
        LimitReply?[] replies;
        try
        {
            replies = letters switch
            {
                [var only] => [await Ask(only)],
                _ => await Ask(letters),
            };
        }
        catch (Exception exception) when (GrainCall.IsFailure(exception))
        {
            letters.ForEach(letter => letter.Fail(exception));
            Disperse();
            return;
        }

        for (var index = 0; index < letters.Count; index++)
            letters[index].Deliver(index < replies.Length ? replies[index] : null);
    }

    /// <summary>Lets each that waits ask by itself: the silo may be gone, and its ranges elsewhere.</summary>
    private void Disperse()
    {
        RangeLetter[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var letter in waiting)
            letter.Deliver(null);
    }

    private static ValueTask<LimitReply?[]> Ask(List<RangeLetter> letters)
    {
        var (ranges, requests) = (new int[letters.Count], new LimitRequest[letters.Count]);
        for (var index = 0; index < ranges.Length; index++)
            (ranges[index], requests[index]) = (letters[index].Range, letters[index].Content);
        return GrainOf(letters[0]).ExchangeAll(new LimitPost(ranges, requests));
    }

    private static IRateLimitRangeGrain GrainOf(RangeLetter letter) => letter.Grain ?? throw new OrleansException("There is no way to the cluster any more.");
}
