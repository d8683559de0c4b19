using OrleansLb.Core.Balancing.Exchange;

namespace OrleansLb.Core.Health.Circuits;

/// <summary>What a <see cref="CircuitMachine"/> remembers of one backend.</summary>
internal sealed class CircuitRecord
{
    private const int Marks = 10;

    private readonly Queue<(TimeSpan At, OutcomeCounters Counters)> _marks = new(Marks + 1);
    private TimeSpan _markedAt;

    public CircuitState State { get; set; }

    /// <summary>Breaks in a row, which make the next longer.</summary>
    public int Breaks { get; set; }

    /// <summary>When an open circuit becomes half-open.</summary>
    public TimeSpan OpenUntil { get; set; }

    /// <summary>The trial under way; 0 for none.</summary>
    public long Trial { get; set; }

    /// <summary>When the trial under way has failed, or, without one, from when on there may be one.</summary>
    public TimeSpan TrialEndsAt { get; set; }

    /// <summary>Begins to count anew.</summary>
    public void Forget(in OutcomeCounters counters, TimeSpan now)
    {
        _marks.Clear();
        Mark(counters, now);
    }

    /// <summary>What came of the requests in the last while.</summary>
    /// <param name="counters">What is counted by now.</param>
    /// <param name="duration">How long a while.</param>
    /// <param name="now">Monotonic time.</param>
    public OutcomeCounters Sample(in OutcomeCounters counters, TimeSpan duration, TimeSpan now)
    {
        while (_marks.Count > 1 && now - _marks.Peek().At > duration)
            _marks.Dequeue();
        if (_marks.Count == 0 || now - _markedAt >= duration / Marks)
            Mark(counters, now);
        return counters - _marks.Peek().Counters;
    }

    private void Mark(in OutcomeCounters counters, TimeSpan now)
    {
        _marks.Enqueue((now, counters));
        _markedAt = now;
    }
}
