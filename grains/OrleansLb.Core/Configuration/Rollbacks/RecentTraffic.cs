namespace OrleansLb.Core.Configuration.Rollbacks;

/// <summary>
/// How the requests of all front-ends went lately: what a new version is compared with. It forgets after a minute, and holds one version only.
/// </summary>
public sealed class RecentTraffic
{
    /// <summary>What is older is forgotten.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    /// <summary>The latest stretch that is looked at for itself is at least this long.</summary>
    public static readonly TimeSpan ShortestStretch = TimeSpan.FromSeconds(3);

    private readonly Queue<(TimeSpan At, RequestCount Count)> _looks = [];
    private Dictionary<string, FrontendTraffic> _last = [];

    /// <summary>Another version is in force: what was seen says nothing of it.</summary>
    public void Clear()
    {
        _looks.Clear();
        _last = [];
    }

    /// <summary>Takes a look. What a front-end counted before it was first seen happened at times that nobody knows, and is left out.</summary>
    /// <param name="traffic">What the front-ends said last.</param>
    /// <param name="version">The version in force; who serves an earlier one is not counted.</param>
    /// <param name="now">The time.</param>
    public void Observe(IEnumerable<FrontendTraffic> traffic, long version, TimeSpan now)
    {
        var seen = new Dictionary<string, FrontendTraffic>(StringComparer.Ordinal);
        var sum = default(RequestCount);
        foreach (var one in traffic)
        {
            if (one.Version < version)
                continue;
            seen[one.FrontendId] = one;
            if (_last.TryGetValue(one.FrontendId, out var last) && (last.Incarnation, last.Version) == (one.Incarnation, one.Version))
                sum += one.Count - last.Count;
        }

        _last = seen;
        _looks.Enqueue((now, sum));
        while (_looks.Peek().At < now - Memory)
            _looks.Dequeue();
    }

    /// <summary>
    /// What a version that comes now is held against: the worse of the last minute and the latest stretch of it that holds enough requests. Without the latter, backends
    /// that began to fail a moment before would be held against the version.
    /// </summary>
    /// <param name="enough">How many requests are enough to know a share.</param>
    /// <returns>Nothing when there were fewer.</returns>
    public RequestCount? Worse(long enough)
    {
        var (all, latest) = (default(RequestCount), default(RequestCount));
        var isLatestKnown = false;
        foreach (var (at, count) in _looks.Reverse())
        {
            all += count;
            if (isLatestKnown)
                continue;
            latest = all;
            isLatestKnown = latest.Requests >= enough && _looks.Last().At - at >= ShortestStretch;
        }

        if (all.Requests < enough)
            return null;
        return isLatestKnown && latest.Share > all.Share ? latest : all;
    }
}
