namespace OrleansLb.Frontend.Http.Http2;

/// <summary>Resets that a client brought about, on their way from what writes to the connection to what reads from it.</summary>
internal sealed class ProvokedResets
{
    private int _count;

    public void Add(int resets) => Interlocked.Add(ref _count, resets);

    /// <summary>Those that were not taken yet.</summary>
    public int Take() => Volatile.Read(ref _count) == 0 ? 0 : Interlocked.Exchange(ref _count, 0);
}
