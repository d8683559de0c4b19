namespace OrleansLb.Core.Concurrency.Keys;

/// <summary>How long after a front-end's last report to a range the next one is due. Those of <see cref="SlotPace"/>, and besides:</summary>
internal static class KeySlotPace
{
    /// <summary>While nothing changes: far less than the time of a lease, so that several may be lost.</summary>
    public static readonly TimeSpan KeepAlive = SlotPace.Idle;

    /// <summary>For so long a front-end does not ask again for a key of which it was just told that it is used up: a flood costs the range no more than that.</summary>
    public static readonly TimeSpan RefusalMemory = TimeSpan.FromMilliseconds(5);

    /// <summary>Slots that nobody used here for so long go back, and an idle key is forgotten.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(1);

    /// <summary>Admissions a second from which slots held in reserve cost fewer messages than one question for each request.</summary>
    public const double LeastBusyRate = 8;
}
