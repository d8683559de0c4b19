namespace OrleansLb.Core.Sessions;

/// <summary>Sessions in the order of their last use; every step costs the same however many there are.</summary>
internal sealed class SessionQueue
{
    private SessionEntry? _newest;

    public SessionEntry? Oldest { get; private set; }

    /// <summary>Puts a session that is in no queue to the end.</summary>
    public void Append(SessionEntry entry, TimeSpan now)
    {
        // Restored ones come in order; a clock that did not move back keeps it.
        entry.UsedAt = _newest is { } newest && newest.UsedAt > now ? newest.UsedAt : now;
        entry.Queue = this;
        entry.Older = _newest;
        if (_newest is null)
            Oldest = entry;
        else
            _newest.Newer = entry;
        _newest = entry;
    }

    public void Remove(SessionEntry entry)
    {
        if (entry.Older is { } older)
            older.Newer = entry.Newer;
        else
            Oldest = entry.Newer;
        if (entry.Newer is { } newer)
            newer.Older = entry.Older;
        else
            _newest = entry.Older;
        (entry.Queue, entry.Older, entry.Newer) = (null, null, null);
    }
}
