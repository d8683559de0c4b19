using OrleansLb.Core;
using OrleansLb.Core.Sessions;

namespace OrleansLb.LimitBench.Sessions;

/// <summary>Lets sessions come to a place, finds them again, and lets as many invented ones come.</summary>
internal sealed class SessionMeasurement(int sessions)
{
    private static readonly BackendKey Theirs = new(1);
    private static readonly BackendKey Other = new(2);
    private static readonly SessionHasher Hasher = new(new byte[32], "bench");

    public SessionCost Run(Func<ISessionPlace> make)
    {
        var empty = GC.GetTotalMemory(forceFullCollection: true);
        var place = make();
        var taken = Time("session", seed: 1, key => place.Ask(key, Theirs));
        var full = GC.GetTotalMemory(forceFullCollection: true) - empty;
        var found = Time("session", seed: 2, key => place.Ask(key, Theirs));
        var invented = Time("invented", seed: 3, key => place.AskInvented(key, Other));
        var flooded = GC.GetTotalMemory(forceFullCollection: true) - empty;
        var (count, forgotten) = (place.Count, 0);
        Time("session", seed: 4, key => forgotten += place.Ask(key, Other) == Theirs ? 0 : 1);
        return new SessionCost((double)full / sessions, taken, found, invented, (double)flooded / full, count, forgotten);
    }

    /// <summary>Asks once for each in the order of a seed.</summary>
    /// <returns>The time of one in nanoseconds.</returns>
    private double Time(string name, int seed, Action<SessionKey> ask)
    {
        var keys = Enumerable.Range(0, sessions).Select(number => Hasher.Of($"{name} {number}")).ToArray();
        new Random(seed).Shuffle(keys);
        var began = TimeProvider.System.GetTimestamp();
        foreach (var key in keys)
            ask(key);
        return TimeProvider.System.GetElapsedTime(began).TotalNanoseconds / keys.Length;
    }
}
