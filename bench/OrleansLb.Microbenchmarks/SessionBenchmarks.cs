using BenchmarkDotNet.Attributes;
using OrleansLb.Core;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Microbenchmarks;

/// <summary>A learned session looked up in what the front-end remembers, among many.</summary>
public class SessionBenchmarks
{
    private static readonly TimeSpan Now = TimeSpan.FromHours(1);

    private readonly SessionHasher _hasher = new(new byte[32], "app");
    private SessionMemory _memory = null!;
    private SessionKey[] _keys = null!;
    private int _next;

    /// <summary>Sessions that are remembered.</summary>
    [Params(1_000, 100_000)]
    public int Sessions { get; set; }

    /// <summary>Remembers them as the range confirmed them.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _memory = new SessionMemory(Sessions);
        _keys = [.. Enumerable.Range(0, Sessions).Select(number => _hasher.Of($"session-{number}"))];
        var backend = BackendKey.Of("app", "backend-1", 1);
        var ticket = _memory.Ask(Now);
        for (var number = 0; number < Sessions; number++)
            _memory.TryAccept(_keys[number], new SessionVerdict(SessionOutcome.Bound, new SessionBinding(backend, number + 1), 1, number + 1), ticket, Now);
    }

    /// <summary>One that is known, each time another.</summary>
    [Benchmark]
    public SessionMemo Known() => _memory.Use(_keys[_next = (_next + 1) % _keys.Length], Now);

    /// <summary>One that is not.</summary>
    [Benchmark]
    public SessionMemo Unknown() => _memory.Use(new SessionKey(1, 2), Now);
}
