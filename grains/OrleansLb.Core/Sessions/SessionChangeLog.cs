namespace OrleansLb.Core.Sessions;

/// <summary>The newest changes of a range, from which a front-end that missed some is put right.</summary>
internal sealed class SessionChangeLog
{
    /// <summary>A front-end that is further behind asks for each session again.</summary>
    public const int Capacity = 512;

    private readonly Queue<(long Version, SessionKey Key)> _changes = new();
    private readonly long _epoch;
    private long _completeFrom;

    public SessionChangeLog(long epoch) => _epoch = _completeFrom = Version = epoch;

    /// <summary>Number of the last change.</summary>
    public long Version { get; private set; }

    public void Add(long version, SessionKey key)
    {
        if (_changes.Count == Capacity)
            _completeFrom = _changes.Dequeue().Version;
        _changes.Enqueue((version, key));
        Version = version;
    }

    public SessionChanges Since(long version)
    {
        // Who claims to have seen what has not happened has seen another activation.
        var isComplete = version >= _completeFrom && version <= Version;
        var keys = isComplete ? _changes.Where(change => change.Version > version).Select(static change => change.Key).Distinct().ToArray() : [];
        return new SessionChanges(_epoch, version, Version, keys, isComplete);
    }
}
