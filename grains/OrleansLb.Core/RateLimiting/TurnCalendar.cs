using System.Runtime.InteropServices;

namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Which turns of a leaky bucket are given: all before a moment, and behind it the spans that leases have set aside. Spans that leave no room for a turn
/// between them are one, so there are no more than turns in leases.
/// </summary>
internal sealed class TurnCalendar
{
    // Made for the first lease: most keys have none, and are many.
    private List<(TimeSpan Start, TimeSpan End)>? _taken;
    private TimeSpan _next;

    /// <summary>A calendar in which everything before a moment is given.</summary>
    public TurnCalendar(TimeSpan next) => _next = next;

    /// <summary>From when on nothing is given.</summary>
    public TimeSpan End => _taken is [.., var last] && last.End > _next ? last.End : _next;

    /// <summary>Until when everything is given.</summary>
    public TimeSpan Next => _next;

    /// <summary>Time that is set aside behind a moment that is free.</summary>
    public TimeSpan TakenAfter(TimeSpan time)
    {
        var sum = TimeSpan.Zero;
        foreach (var (start, end) in Taken)
            sum += start >= time ? end - start : TimeSpan.Zero;
        return sum;
    }

    /// <summary>The first moment not before another one from which nothing is given for a time.</summary>
    public TimeSpan FirstFree(TimeSpan from, TimeSpan length)
    {
        var free = from > _next ? from : _next;
        foreach (var (start, end) in Taken)
        {
            if (start - free >= length)
                break;
            free = end > free ? end : free;
        }

        return free;
    }

    /// <summary>Gives what <see cref="FirstFree"/> found.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="turn">Length of one turn: a gap shorter than it is closed.</param>
    /// <param name="now">What is before it is over.</param>
    public void Take(TimeSpan start, TimeSpan length, TimeSpan turn, TimeSpan now)
    {
        if (_taken is null or [] && Gap(start, now) < turn)
        {
            GiveUntil(start + length);
            return;
        }

        _taken ??= [];
        var index = _taken.Count;
        while (index > 0 && _taken[index - 1].Start > start)
            index--;
        _taken.Insert(index, (start, start + length));
        Join(_taken, index + 1, turn);
        Join(_taken, index, turn);
    }

    /// <summary>Passes over what is over, and over gaps in which no turn can begin any more.</summary>
    public void Advance(TimeSpan now, TimeSpan turn)
    {
        if (_taken is null)
            return;
        var past = 0;
        for (; past < _taken.Count && Gap(_taken[past].Start, now) < turn; past++)
            _next = _taken[past].End > _next ? _taken[past].End : _next;
        _taken.RemoveRange(0, past);
    }

    /// <summary>Gives everything before a moment.</summary>
    public void GiveUntil(TimeSpan time) => _next = time > _next ? time : _next;

    /// <summary>A copy that has no gaps.</summary>
    public TurnCalendar Copy() => new(End);

    private ReadOnlySpan<(TimeSpan Start, TimeSpan End)> Taken => CollectionsMarshal.AsSpan(_taken);

    /// <summary>What is free before a moment.</summary>
    private TimeSpan Gap(TimeSpan before, TimeSpan now) => before - (now > _next ? now : _next);

    private static void Join(List<(TimeSpan Start, TimeSpan End)> taken, int index, TimeSpan turn)
    {
        if (index < 1 || index >= taken.Count || taken[index].Start - taken[index - 1].End >= turn)
            return;
        taken[index - 1] = (taken[index - 1].Start, taken[index].End);
        taken.RemoveAt(index);
    }
}
