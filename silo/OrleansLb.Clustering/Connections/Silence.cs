namespace OrleansLb.Clustering.Connections;

/// <summary>How long one side of a connection has been asked for something without saying anything. Written by whoever reads and writes the connection, at any time.</summary>
/// <param name="clock">Measures it.</param>
internal sealed class Silence(TimeProvider clock)
{
    private const long NotAsked = 0;

    private long _askedAt;

    /// <summary>Time since the first question after the last word; <see cref="TimeSpan.Zero"/> when nothing was asked since.</summary>
    public TimeSpan Length => Volatile.Read(ref _askedAt) is var asked and not NotAsked ? clock.GetElapsedTime(asked) : TimeSpan.Zero;

    /// <summary>Something was sent.</summary>
    public void Asked()
    {
        if (Volatile.Read(ref _askedAt) == NotAsked)
            Volatile.Write(ref _askedAt, clock.GetTimestamp());
    }

    /// <summary>Something was heard.</summary>
    public void Heard() => Volatile.Write(ref _askedAt, NotAsked);
}
