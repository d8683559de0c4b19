namespace OrleansLb.Core.Sessions;

/// <summary>One session of a table, with its place in the order of last uses.</summary>
internal sealed class SessionEntry(SessionKey key)
{
    public SessionKey Key { get; } = key;

    public SessionBinding Binding { get; set; }

    public TimeSpan UsedAt { get; set; }

    public SessionQueue? Queue { get; set; }

    /// <summary>The one used before it, in its queue.</summary>
    public SessionEntry? Older { get; set; }

    /// <summary>The one used after it, in its queue.</summary>
    public SessionEntry? Newer { get; set; }
}
