namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// Which turns of a leaky bucket are given: all before a moment, and behind it the spans that leases have set aside. Spans that leave no room for a turn
/// between them are one, so there are no more than turns in leases; where nothing is leased there are none, and the calendar is one moment.
/// </summary>
internal sealed class TurnCalendar
{
    private List<(TimeSpan Start, TimeSpan End)>? _taken;
    private TimeSpan _next;

    /// <summary>A calendar in which everything before a moment is given.</summary>
    public TurnCalendar(TimeSpan next) => _next = next;

    /// <summary>From when on nothing is given.</summary>
    public TimeSpan End => _taken is { } taken && taken[^1].End > _next ? taken[^1].End : _next;

    /// <summary>Until when everything is given.</summary>
    public TimeSpan Next => _next;

    /// <summary>Time that is set aside behind a moment that is free.</summary>
    public TimeSpan TakenAfter(TimeSpan time)
    {
        var sum = TimeSpan.Zero;
        for (var index = 0; index < _taken?.Count; index++)
            sum += _taken[index].Start >= time ? _taken[index].End - _taken[index].Start : TimeSpan.Zero;
        return sum;
    }

    /// <summary>The first moment not before another one from which nothing is given for a time.</summary>
    public TimeSpan FirstFree(TimeSpan from, TimeSpan length)
    {
        var free = Later(from, _next);
        for (var index = 0; index < _taken?.Count && _taken[index].Start - free < length; index++)
            free = Later(_taken[index].End, free);
        return free;
    }

    /// <summary>Gives what <see cref="FirstFree"/> found.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="turn">Length of one turn: a gap shorter than it is closed.</param>
    /// <param name="now">The time.</param>
    public void Take(TimeSpan start, TimeSpan length, TimeSpan turn, TimeSpan now)
    {
        if (_taken is null && start - Later(now, _next) < turn)
        {
            _next = start + length;
            return;
        }

        var taken = _taken ??= [];
        var index = taken.Count;
        while (index > 0 && taken[index - 1].Start > start)
            index--;
        taken.Insert(index, (start, start + length));
        Join(taken, index + 1, turn);
        Join(taken, index, turn);
        Advance(now, turn);
    }

    /// <summary>Takes back the last turns that were given; when others are behind them, they stay given.</summary>
    /// <param name="start">Where they begin.</param>
    /// <param name="length">How long they are.</param>
    public void GiveBackLast(TimeSpan start, TimeSpan length)
    {
        if (_taken is null && _next == start + length)
            _next = start;
    }

    /// <summary>Passes over what is over, and over gaps in which no turn can begin any more.</summary>
    public void Advance(TimeSpan now, TimeSpan turn)
    {
        if (_taken is not { } taken)
            return;
        var past = 0;
        for (; past < taken.Count && taken[past].Start - Later(now, _next) < turn; past++)
            _next = Later(taken[past].End, _next);
        taken.RemoveRange(0, past);
        if (taken.Count == 0)
            _taken = null;
    }

    /// <summary>Gives everything before a moment.</summary>
    public void GiveUntil(TimeSpan time) => _next = Later(time, _next);

    /// <summary>Forgets what is given, but for spans that leases have set aside behind a gap.</summary>
    public void Reset(TimeSpan now) => _next = now;

    /// <summary>A copy that has no gaps.</summary>
    public TurnCalendar Copy() => new(End);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static void Join(List<(TimeSpan Start, TimeSpan End)> taken, int index, TimeSpan turn)
    {
        if (index < 1 || index >= taken.Count || taken[index].Start - taken[index - 1].End >= turn)
            return;
        taken[index - 1] = (taken[index - 1].Start, taken[index].End);
        taken.RemoveAt(index);
    }
}
