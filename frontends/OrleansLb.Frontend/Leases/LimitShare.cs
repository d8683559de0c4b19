namespace OrleansLb.Frontend.Leases;

/// <summary>
/// The part of every limit that this front-end may serve when the cluster is lost, as the cluster told it last: this process or the one
/// before it. The cluster sets aside what the front-end <see cref="Claimed">claims</see>, so the disk never holds a larger share than that.
/// </summary>
public sealed class LimitShare
{
    /// <summary>A file that is a day old is worth nothing, so its age is renewed well before that.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromHours(1);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly LimitShareFile _file;
    private readonly LimitClock _clock;
    private readonly Lock _lock = new();
    private int _parts;
    private int _stored;
    private long _before;
    private TimeSpan _renewAt = TimeSpan.MinValue;
    private TimeSpan _retryAt;
    private volatile bool _isRegistered;
    private bool _isGivenUp;

    internal LimitShare(LimitShareFile file, LimitClock clock)
    {
        _file = file;
        _clock = clock;
        if (file.Read() is not { } stored)
            return;
        _parts = _stored = stored.Parts;
        _before = stored.Age.Ticks;
    }

    /// <summary>Into how many parts limits are divided, of which one is this front-end's; 0 when it was never told.</summary>
    public int Parts => Volatile.Read(ref _parts);

    /// <summary>
    /// How long the cluster had been silent before this process began to listen, until it is registered; <see langword="null"/> without
    /// a share.
    /// </summary>
    public TimeSpan? SilentBefore => Parts == 0 ? null : TimeSpan.FromTicks(Volatile.Read(ref _before));

    /// <summary>The fewest parts, so the largest share, that this front-end may rely on: in this process, or in one that is started from its disk; 0 for none.</summary>
    public int Claimed => (Parts, Volatile.Read(ref _stored)) switch
    {
        (var parts, 0) => parts,
        var (parts, stored) => Math.Min(parts, stored),
    };

    /// <summary>Takes what a reply to a heartbeat said.</summary>
    /// <param name="parts">Number of parts; 0 when the silo did not know.</param>
    public void Told(int parts)
    {
        if (parts > 0)
            Volatile.Write(ref _parts, parts);
    }

    /// <summary>Notes that the cluster knows this process: what was before it does not matter any more.</summary>
    public void Registered()
    {
        Volatile.Write(ref _before, 0);
        _isRegistered = true;
    }

    /// <summary>Writes the share for the next process when it changed, or when what is on disk grows old.</summary>
    /// <param name="silence">How long ago the cluster answered this process.</param>
    internal void Keep(TimeSpan silence)
    {
        lock (_lock)
        {
            var (parts, now) = (Parts, _clock.Now);
            var isOutdated = parts != _stored || now - silence >= _renewAt;
            if (!_isRegistered || _isGivenUp || parts == 0 || !isOutdated || now < _retryAt)
                return;
            if (!_file.TryWrite(parts, silence))
            {
                _retryAt = now + RetryAfter;
                return;
            }

            Volatile.Write(ref _stored, parts);
            _renewAt = now - silence + RenewEvery;
        }
    }

    /// <summary>Gives the share up before goodbye: what the cluster sets aside for nobody must not be on disk.</summary>
    /// <returns>False when it cannot be taken off the disk; the front-end must then vanish without a goodbye.</returns>
    internal bool TryGiveUp()
    {
        lock (_lock)
        {
            _isGivenUp = true;
            return _file.TryDelete();
        }
    }
}
