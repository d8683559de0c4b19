namespace OrleansLb.Core.Concurrency;

/// <summary>When a front-end's next report of slots is due: at once when slots are wanted, rarely when nothing happens.</summary>
public static class SlotPace
{
    /// <summary>The shortest time between two reports.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(2);

    /// <summary>Between two reports of a front-end whose requests wait for slots that there are not.</summary>
    public static readonly TimeSpan Waiting = TimeSpan.FromMilliseconds(20);

    /// <summary>After a report that was not answered.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    /// <summary>While requests are in slots.</summary>
    public static readonly TimeSpan Busy = TimeSpan.FromMilliseconds(100);

    /// <summary>While slots are held in reserve: how long they may stay where they are not needed.</summary>
    public static readonly TimeSpan Holding = TimeSpan.FromMilliseconds(250);

    /// <summary>While nothing happens and nothing is held.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    /// <summary>Time between the newest report and the next one.</summary>
    /// <param name="news">What came of the newest report.</param>
    /// <param name="activity">What goes on.</param>
    /// <param name="waiting">Requests that wait.</param>
    public static TimeSpan Interval(SlotNews news, in SlotActivity activity, int waiting)
    {
        if (news is SlotNews.First or SlotNews.Failed)
            return news == SlotNews.First ? TimeSpan.Zero : Retry;
        var isScarce = news == SlotNews.Scarce;
        if (news == SlotNews.NewEpoch || (isScarce && activity.Returnable > 0) || (!isScarce && (waiting > 0 || activity.IsLow)))
            return Shortest;
        if (waiting > 0)
            return Waiting;
        return activity.InUse > 0 ? Busy : activity.Held > 0 ? Holding : Idle;
    }
}
