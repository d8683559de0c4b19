namespace OrleansLb.Core.Concurrency;

/// <summary>
/// The slots of one backend, or of one key of a limit, at one front-end: how many requests may be there at once, and how many are. Entering and leaving take
/// no lock and allocate nothing; any thread at any time.
/// </summary>
public sealed class SlotGate
{
    private const int NoMark = -1;

    // What is allowed in the upper half and what is in use in the lower: one word, so that nobody enters by an allowance that was lowered
    // a moment ago and has been reported as given back.
    private long _state;
    private int _peak;
    private int _lowMark = NoMark;

    /// <summary>Whether nothing limits the backend, as far as this front-end knows; requests are counted all the same.</summary>
    public bool IsOpen => Allowed == int.MaxValue;

    /// <summary>Most requests at once.</summary>
    public int Allowed => AllowedOf(Volatile.Read(ref _state));

    /// <summary>Requests that hold a slot.</summary>
    public int InUse => InUseOf(Volatile.Read(ref _state));

    /// <summary>Both, as they were at one moment.</summary>
    public (int Allowed, int InUse) Read() => Volatile.Read(ref _state) is var state ? (AllowedOf(state), InUseOf(state)) : default;

    /// <summary>Takes a slot if one is free.</summary>
    /// <param name="runsLow">True, once, when few are left and more should be asked for.</param>
    public bool TryEnter(out bool runsLow) => TryEnter(1, out runsLow);

    /// <summary>Takes slots if as many are free.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="runsLow">True, once, when few are left and more should be asked for.</param>
    public bool TryEnter(int count, out bool runsLow)
    {
        runsLow = false;
        var state = Volatile.Read(ref _state);
        while (count <= AllowedOf(state) - InUseOf(state))
        {
            var seen = Interlocked.CompareExchange(ref _state, state + count, state);
            if (seen == state)
            {
                runsLow = Note(AllowedOf(state), InUseOf(state) + count);
                return true;
            }

            state = seen;
        }

        return false;
    }

    /// <summary>Gives a slot back that was taken by <see cref="TryEnter(out bool)"/>.</summary>
    /// <returns>Whether there are as many in use as allowed or more, so that nobody else may enter now.</returns>
    public bool Leave() => Leave(1);

    /// <summary>Gives slots back that were taken by <see cref="TryEnter(int, out bool)"/>.</summary>
    /// <param name="count">How many.</param>
    /// <returns>Whether there are as many in use as allowed or more, so that nobody else may enter now.</returns>
    public bool Leave(int count)
    {
        var state = Interlocked.Add(ref _state, -count);
        return InUseOf(state) >= AllowedOf(state);
    }

    /// <summary>Lets everybody in.</summary>
    public void Open() => Allow(int.MaxValue);

    /// <summary>Sets how many requests may be there at once; those beyond it stay until they end.</summary>
    internal void Allow(int allowed)
    {
        var state = Volatile.Read(ref _state);
        long seen;
        while ((seen = Interlocked.CompareExchange(ref _state, ((long)allowed << 32) | (uint)InUseOf(state), state)) != state)
            state = seen;
    }

    /// <summary>Lowers what is allowed to what is in use and some more.</summary>
    /// <param name="free">How many may stay free.</param>
    internal void KeepFree(int free)
    {
        var state = Volatile.Read(ref _state);
        long seen;
        while (AllowedOf(state) - InUseOf(state) > free
            && (seen = Interlocked.CompareExchange(ref _state, ((long)(InUseOf(state) + free) << 32) | (uint)InUseOf(state), state)) != state)
            state = seen;
    }

    /// <summary>Has the next one that leaves so few free say so.</summary>
    /// <param name="free">Free slots; negative for never.</param>
    internal void WarnAt(int free) => Volatile.Write(ref _lowMark, free);

    /// <summary>The most that were in use since the last call.</summary>
    internal int TakePeak()
    {
        var inUse = InUse;
        return Math.Max(inUse, Interlocked.Exchange(ref _peak, inUse));
    }

    // Two threads that enter at once may leave the lower of their peaks; it is a hint and not a count.
    private bool Note(int allowed, int inUse)
    {
        if (inUse > Volatile.Read(ref _peak))
            Volatile.Write(ref _peak, inUse);
        return allowed - inUse <= Volatile.Read(ref _lowMark) && Interlocked.Exchange(ref _lowMark, NoMark) != NoMark;
    }

    private static int AllowedOf(long state) => (int)(state >> 32);

    private static int InUseOf(long state) => (int)state;
}
