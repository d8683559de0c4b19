namespace OrleansLb.Core.RateLimiting;

/// <summary>
/// What a range knows of one front-end: which of its requests are new, and whether it may be serving its share of the limit on
/// its own. The second follows only from replies that it proved to have received, never from how long a message took.
/// </summary>
internal sealed class ShareHolder
{
    // One request is outstanding at a time; more unproven replies than this mean a lossy way back, and are folded together.
    private const int RememberedReplies = 8;

    private readonly Queue<(long Seq, TimeSpan SentAt, int Parts)> _unproven = new();
    private int _parts = int.MaxValue;
    private int _claimed = int.MaxValue;
    private TimeSpan? _provenAt;
    private TimeSpan? _reservedSince;

    /// <summary>Incarnation of the requests taken so far.</summary>
    public long Incarnation { get; private set; } = long.MinValue;

    /// <summary>Number of the newest request of that incarnation.</summary>
    public long Seq { get; private set; }

    /// <summary>Whether its share was set aside for so long that it does not serve it any more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The part of the limit that it may serve on its own: the largest that it may have been told last, or says that it relies on.</summary>
    public double Part => Math.Min(ToldParts, _claimed) is var parts && parts == int.MaxValue ? 0 : 1.0 / parts;

    private int ToldParts
    {
        get
        {
            var parts = _parts;
            foreach (var (_, _, each) in _unproven)
                parts = Math.Min(parts, each);
            return parts;
        }
    }

    /// <summary>Takes a request; false when it is not newer than one before it.</summary>
    public bool TryAccept(in RangeRequest request)
    {
        if (request.Incarnation < Incarnation || (request.Incarnation == Incarnation && request.Seq <= Seq))
            return false;
        if (request.Incarnation > Incarnation)
            StartOver(request.Incarnation);
        Seq = request.Seq;
        return true;
    }

    /// <summary>Notes that a reply was sent, from which on the front-end may rely on a share of 1/<paramref name="parts"/>.</summary>
    public void Replied(long seq, int parts, TimeSpan now)
    {
        _provenAt ??= now;
        if (_unproven.Count == RememberedReplies)
            _parts = Math.Min(_parts, _unproven.Dequeue().Parts);
        _unproven.Enqueue((seq, now, parts));
    }

    /// <summary>Notes that the front-end received the reply to a request.</summary>
    public void Acknowledged(long seq)
    {
        while (_unproven.TryPeek(out var reply) && reply.Seq <= seq)
        {
            _unproven.Dequeue();
            if (reply.Seq == seq)
                Proven(reply.SentAt, reply.Parts);
        }
    }

    /// <summary>Notes what the registry says: when it heard last for certain, and N of the share that it relies on, 0 for none.</summary>
    public void Observed(TimeSpan sentAt, int parts)
    {
        _claimed = parts > 0 ? parts : int.MaxValue;
        Proven(sentAt, parts);
    }

    /// <summary>Notes that the front-end received something that was sent to it at a time.</summary>
    public void Proven(TimeSpan sentAt, int parts)
    {
        if (_provenAt is { } known && sentAt < known)
            return;
        _provenAt = sentAt;
        _parts = parts > 0 ? parts : int.MaxValue;
    }

    /// <summary>Decides whether the share is set aside at a time.</summary>
    public bool Review(LimitRule rule, TimeSpan now)
    {
        if (_provenAt is not { } provenAt || now - provenAt <= Reachability.ReservedAfter(rule))
            _reservedSince = null;
        else
            _reservedSince ??= now;
        IsOver = _reservedSince is { } since && now - since > Reachability.ReservedFor(rule);
        return _reservedSince is not null && !IsOver;
    }

    // A front-end that restarts relies on the share that the process before it was told, and a request of its proves only that it can be
    // heard. So nothing is given back before it has shown that it hears.
    private void StartOver(long incarnation)
    {
        _parts = ToldParts;
        _unproven.Clear();
        Incarnation = incarnation;
        Seq = 0;
    }
}
