namespace OrleansLb.Hosting.Telemetry;

/// <summary>Keeps whoever is refused from filling the log: so many lines a second for each reason, and no more. Thread-safe.</summary>
/// <param name="clock">Tells time.</param>
public sealed class LineBudget(TimeProvider clock)
{
    /// <summary>Lines a second for one reason.</summary>
    public const int Most = 10;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Taken, long Since)> _reasons = new(StringComparer.Ordinal);

    /// <summary>Whether there is room for a line.</summary>
    /// <param name="reason">One of a fixed list.</param>
    public bool Take(string reason)
    {
        lock (_lock)
        {
            if (!_reasons.TryGetValue(reason, out var used) || clock.GetElapsedTime(used.Since) >= TimeSpan.FromSeconds(1))
                used = (0, clock.GetTimestamp());
            _reasons[reason] = used with { Taken = Math.Min(used.Taken + 1, Most + 1) };
            return used.Taken < Most;
        }
    }
}
