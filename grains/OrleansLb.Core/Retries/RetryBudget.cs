namespace OrleansLb.Core.Retries;

/// <summary>
/// How many requests one front-end may send a second time. A percentage of its own requests of the last ten seconds: such parts add up to that of the cluster without a word
/// between front-ends. Beside it a few a second, of which each front-end has its share. So a pool that fails is asked little more often than one that works.
/// The same two terms are in Finagle and in Linkerd, for one process each.
/// </summary>
/// <remarks>Not thread-safe: one caller at a time.</remarks>
public sealed class RetryBudget
{
    /// <summary>How long requests pay for repetitions.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Share of the repetitions a second that a front-end takes which has never heard how many others there are.</summary>
    public const double ShareOfAStranger = 0.1;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Queue<Mark> _marks = new();
    private TimeSpan _markedAt = TimeSpan.MinValue;
    private TimeSpan _accruedAt = TimeSpan.MinValue;
    private long _requests;
    private long _charged;
    private double _accrued = 1;

    /// <summary>Notes how many requests there were. Called at least once a second; what was not noted pays for nothing.</summary>
    /// <param name="requests">Requests since the front-end began, repetitions apart. A lower number than before changes nothing.</param>
    /// <param name="now">Monotonic time.</param>
    public void Observe(long requests, TimeSpan now)
    {
        _requests = Math.Max(_requests, requests);
        if (_marks.Count > 0 && now - _markedAt < Step)
            return;
        _marks.Enqueue(new Mark(now, _requests, _charged));
        _markedAt = now;
        Forget(now);
    }

    /// <summary>Takes one repetition if there is one.</summary>
    /// <param name="percent">Percent of the requests that may be repeated, 0 to 100.</param>
    /// <param name="perSecond">This front-end's share of the repetitions a second, 0 or more.</param>
    /// <param name="now">Monotonic time.</param>
    public bool TryTake(double percent, double perSecond, TimeSpan now)
    {
        Accrue(perSecond, now);
        Forget(now);
        if (_marks.TryPeek(out var oldest) && (_charged - oldest.Charged + 1) * 100.0 <= percent * (_requests - oldest.Requests))
        {
            _charged++;
            return true;
        }

        if (perSecond <= 0 || _accrued < 1)
            return false;
        _accrued--;
        return true;
    }

    /// <summary>How many repetitions could be taken now, one after the other.</summary>
    /// <param name="percent">Percent of the requests that may be repeated, 0 to 100.</param>
    /// <param name="perSecond">This front-end's share of the repetitions a second, 0 or more.</param>
    /// <param name="now">Monotonic time.</param>
    public int Left(double percent, double perSecond, TimeSpan now)
    {
        Accrue(perSecond, now);
        Forget(now);
        var paid = _marks.TryPeek(out var oldest) ? Math.Floor(percent * (_requests - oldest.Requests) / 100.0) - (_charged - oldest.Charged) : 0;
        return (int)Math.Min(Math.Max(0, paid) + (perSecond > 0 ? Math.Floor(_accrued) : 0), int.MaxValue);
    }

    /// <summary>Adds what has accrued, and keeps what a second gives, but one at least: a share of less than one a second is one from time to time.</summary>
    private void Accrue(double perSecond, TimeSpan now)
    {
        var passed = _accruedAt == TimeSpan.MinValue || now < _accruedAt ? TimeSpan.Zero : now - _accruedAt;
        _accrued = Math.Min(_accrued + (perSecond * passed.TotalSeconds), Math.Max(1, perSecond));
        _accruedAt = now;
    }

    private void Forget(TimeSpan now)
    {
        while (_marks.TryPeek(out var oldest) && now - oldest.At >= Window)
            _marks.Dequeue();
    }

    /// <summary>What had been counted at some time.</summary>
    private readonly record struct Mark(TimeSpan At, long Requests, long Charged);
}
