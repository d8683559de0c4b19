using System.Runtime.CompilerServices;
using OrleansLb.Contracts;
using OrleansLb.Contracts.RateLimits;

namespace OrleansLb.Frontend.Leases;

/// <summary>
/// The way to the ranges of one policy that one silo holds. A range is asked by itself while few others are; beyond that letters gather until a call is over, and
/// go with one message: a call costs far more than what it asks. Such calls are answered at once, so that nobody waits for a range that cannot; that one is asked by itself afterwards.
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

    /// <summary>Asks a range, by itself or with others.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<LimitReply?> Exchange(RangeLetter letter) =>
        await (TryBeginCall(letter) ? AskNow(letter) : letter.Answer) ?? await letter.Send().Exchange(letter.Content);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<LimitReply?> AskNow(RangeLetter letter)
    {
        try
        {
            return await letter.Send().ExchangeAtOnce(letter.Content);
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

            List<RangeLetter> letters = [_waiting.Dequeue()];
            var size = letters[0].Size;
            while (_waiting.TryPeek(out var next) && (size += next.Size) <= LargestMessage)
                letters.Add(_waiting.Dequeue());
            return letters;
        }
    }

    private async ValueTask Send(List<RangeLetter> letters)
    {
        LimitReply?[] replies;
        try
        {
            replies = letters is [var only] ? [await only.Send().ExchangeAtOnce(only.Content)] : await Together(letters);
        }
        catch (Exception exception)
        {
            // Whatever it is: whoever waits is told, and judges it.
            letters.ForEach(letter => letter.Fail(exception));
            Disperse();
            return;
        }

        for (var index = 0; index < letters.Count; index++)
            letters[index].Deliver(index < replies.Length ? replies[index] : null);
    }

    private static ValueTask<LimitReply?[]> Together(List<RangeLetter> letters)
    {
        var (ranges, requests) = (new int[letters.Count], new LimitRequest[letters.Count]);
        IRateLimitRangeGrain? carrier = null;
        for (var index = 0; index < ranges.Length; index++)
        {
            var letter = letters[index];
            carrier = letter.Send();
            (ranges[index], requests[index]) = (letter.Range, letter.Content);
        }

        return carrier!.ExchangeAll(new LimitPost(ranges, requests));
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
}
