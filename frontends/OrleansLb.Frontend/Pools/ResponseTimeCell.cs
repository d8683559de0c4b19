using OrleansLb.Core.Balancing;

namespace OrleansLb.Frontend.Pools;

/// <summary>
/// The response time of one backend at this front-end, for any number of writers and readers without a lock: a <see cref="PeakEwma"/> in one word, its
/// seconds as a float and its time in milliseconds, which come round after seven weeks.
/// </summary>
internal sealed class ResponseTimeCell
{
    private const int MillisecondBits = 32;
    private const int GreatestLead = 60_000;

    private long _packed;

    /// <summary>Takes in the response time of one request.</summary>
    public void Observe(TimeSpan took, TimeSpan now)
    {
        var seen = Volatile.Read(ref _packed);
        while (true)
        {
            var next = Pack(Unpack(seen, now).Observe(took, now, PeakEwma.DefaultDecay));
            var found = Interlocked.CompareExchange(ref _packed, next, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    /// <summary>The response time in seconds, faded since the last one; 0 without any.</summary>
    public double Read(TimeSpan now) => Unpack(Volatile.Read(ref _packed), now).Read(now, PeakEwma.DefaultDecay);

    private static long Pack(PeakEwma value) =>
        ((long)BitConverter.SingleToInt32Bits((float)value.Seconds) << MillisecondBits) | (uint)(long)value.At.TotalMilliseconds;

    private static PeakEwma Unpack(long packed, TimeSpan now)
    {
        if (packed == 0)
            return PeakEwma.None;
        // A writer that read its clock a moment later may have been here first: a small age below zero. A great one has come round.
        var age = unchecked((int)((uint)(long)now.TotalMilliseconds - (uint)packed));
        if (age < -GreatestLead)
            return PeakEwma.None;
        return new PeakEwma(BitConverter.Int32BitsToSingle((int)(packed >> MillisecondBits)), now - TimeSpan.FromMilliseconds(age));
    }
}
