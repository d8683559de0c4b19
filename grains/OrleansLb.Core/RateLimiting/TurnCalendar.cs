namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Which turns of a leaky bucket are given: all before a moment, and behind it the spans that leases have set aside. Spans that leave no room for a turn
/// between them are one, so there are no more than turns in leases.
/// </summary>
internal sealed class TurnCalendar
{
    private readonly List<(TimeSpan Start, TimeSpan End)> _taken = [];
    private TimeSpan _next;

    /// <summary>A calendar in which everything before a moment is given.</summary>
    public TurnCalendar(TimeSpan next) => _next = next;

    /// <summary>From when on nothing is given.</summary>
    public TimeSpan End => _taken.Count > 0 && _taken[^1].End > _next ? _taken[^1].End : _next;

    /// <summary>Until when everything is given.</summary>
    public TimeSpan Next => _next;

    /// <summary>Time that is set aside behind a moment that is free.</summary>
    public TimeSpan TakenAfter(TimeSpan time)
    {
        var sum = TimeSpan.Zero;
        foreach (var (start, end) in _taken)
            sum += start >= time ? end - start : TimeSpan.Zero;
        return sum;
    }

    /// <summary>The first moment not before another one from which nothing is given for a time.</summary>
    public TimeSpan FirstFree(TimeSpan from, TimeSpan length)
    {
        var free = from > _next ? from : _next;
        foreach (var (start, end) in _taken)
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
    public void Take(TimeSpan start, TimeSpan length, TimeSpan turn)
    {
        var index = _taken.Count;
        while (index > 0 && _taken[index - 1].Start > start)
            index--;
        _taken.Insert(index, (start, start + length));
        Join(index + 1, turn);
        Join(index, turn);
    }

    /// <summary>Passes over what is over, and over gaps in which no turn can begin any more.</summary>
    public void Advance(TimeSpan now, TimeSpan turn)
    {
        var past = 0;
        for (; past < _taken.Count && _taken[past].Start - (now > _next ? now : _next) < turn; past++)
            _next = _taken[past].End > _next ? _taken[past].End : _next;
        _taken.RemoveRange(0, past);
    }

    /// <summary>Gives everything before a moment.</summary>
    public void GiveUntil(TimeSpan time) => _next = time > _next ? time : _next;

    /// <summary>A copy that has no gaps.</summary>
    public TurnCalendar Copy() => new(End);

    private void Join(int index, TimeSpan turn)
    {
        if (index < 1 || index >= _taken.Count || _taken[index].Start - _taken[index - 1].End >= turn)
            return;
        _taken[index - 1] = (_taken[index - 1].Start, _taken[index].End);
        _taken.RemoveAt(index);
    }
}
