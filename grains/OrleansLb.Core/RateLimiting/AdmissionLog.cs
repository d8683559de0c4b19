namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// When permits were given, oldest first. Those given within the same step of a grid are one cell and count from the latest of them: its length is
/// bounded, and what it forgets it forgets too late rather than too early.
/// </summary>
internal sealed class AdmissionLog
{
    private readonly List<(TimeSpan At, int Count)> _cells = [];

    /// <summary>Permits in it.</summary>
    public long Count { get; private set; }

    /// <summary>From when its oldest permits count; <see cref="TimeSpan.MaxValue"/> without any.</summary>
    public TimeSpan Oldest => _cells.Count == 0 ? TimeSpan.MaxValue : _cells[0].At;

    /// <summary>From when its newest permits count; <see cref="TimeSpan.MinValue"/> without any.</summary>
    public TimeSpan Newest => _cells.Count == 0 ? TimeSpan.MinValue : _cells[^1].At;

    /// <summary>Its cells: from when they count, and how many permits they are.</summary>
    public IReadOnlyList<(TimeSpan At, int Count)> Cells => _cells;

    /// <summary>Notes permits.</summary>
    /// <param name="at">When they were given.</param>
    /// <param name="count">How many.</param>
    /// <param name="step">Length of a step of the grid; zero for one of a tick.</param>
    public void Add(TimeSpan at, int count, TimeSpan step)
    {
        Count += count;
        var index = _cells.Count;
        while (index > 0 && _cells[index - 1].At > at)
            index--;
        if (index < _cells.Count && IsOneStep(_cells[index].At, at, step))
            _cells[index] = (_cells[index].At, _cells[index].Count + count);
        else if (index > 0 && IsOneStep(_cells[index - 1].At, at, step))
            _cells[index - 1] = (at, _cells[index - 1].Count + count);
        else
            _cells.Insert(index, (at, count));
    }

    /// <summary>Forgets permits that were noted, unless they are forgotten already.</summary>
    /// <param name="at">When they were given.</param>
    /// <param name="count">How many.</param>
    /// <param name="step">The step with which they were noted.</param>
    public void Remove(TimeSpan at, int count, TimeSpan step)
    {
        var index = _cells.FindIndex(cell => cell.At >= at && IsOneStep(cell.At, at, step));
        if (index < 0 || _cells[index].Count < count)
            return;
        Count -= count;
        if (_cells[index].Count == count)
            _cells.RemoveAt(index);
        else
            _cells[index] = (_cells[index].At, _cells[index].Count - count);
    }

    /// <summary>Forgets what was given at a time or before.</summary>
    public void ForgetUntil(TimeSpan time)
    {
        var gone = 0;
        while (gone < _cells.Count && _cells[gone].At <= time)
            Count -= _cells[gone++].Count;
        _cells.RemoveRange(0, gone);
        // A key that was busy once shall not be large for ever.
        if (_cells.Count < _cells.Capacity / 4)
            _cells.TrimExcess();
    }

    /// <summary>From when the last of the oldest permits counts that have to go first.</summary>
    /// <param name="count">How many have to go, at least 1 and at most <see cref="Count"/>.</param>
    public TimeSpan TimeOfOldest(long count)
    {
        var index = 0;
        for (var open = count - _cells[0].Count; open > 0; open -= _cells[index].Count)
            index++;
        return _cells[index].At;
    }

    /// <summary>A copy of its own.</summary>
    public AdmissionLog Copy()
    {
        var copy = new AdmissionLog { Count = Count };
        copy._cells.AddRange(_cells);
        return copy;
    }

    private static bool IsOneStep(TimeSpan one, TimeSpan other, TimeSpan step) =>
        step > TimeSpan.Zero ? one.Ticks / step.Ticks == other.Ticks / step.Ticks : one == other;
}
