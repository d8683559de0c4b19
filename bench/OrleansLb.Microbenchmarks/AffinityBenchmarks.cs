using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Primitives;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Affinity;

namespace OrleansLb.Microbenchmarks;

/// <summary>What a session costs its requests: the cookie found, opened, sealed, and another backend when its own is lost.</summary>
public class AffinityBenchmarks
{
    private const string Name = ".Lb.App";
    private const string Host = "shop.example";
    private const long Now = 1_800_000_000;
    private const int Bound = 7;

    private static readonly byte[] Nonce = new byte[AffinityCookieCodec.NonceLength];
    private static readonly AffinityCookieCodec Codec = new(new KeyRing([new AffinityKey("k1", [.. Enumerable.Range(0, 32).Select(static value => (byte)value)])], "k1"));

    private PoolDefinition _pool = null!;
    private BackendStatus[] _statuses = null!;
    private AffinityCookie _cookie;
    private AffinityOpening _opening;
    private string _sealed = "";
    private string _forged = "";
    private StringValues _header;

    /// <summary>Backends in the pool.</summary>
    [Params(10, 1000)]
    public int Backends { get; set; }

    /// <summary>Seals a cookie, and damages another.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _pool = new PoolDefinition { Id = "app", Backends = [.. Enumerable.Range(0, Backends).Select(PoolBackends.Define).OrderBy(static backend => backend.Id, StringComparer.Ordinal)] };
        _statuses = [.. _pool.Backends.Select(static backend => new BackendStatus(backend.Key, BackendState.Up, true, true, false, false))];
        _cookie = new AffinityCookie(_pool.Id, _pool.Backends[Bound].Id, 1, 0, Now, Now, new UInt128(1, 2));
        _sealed = Seal() ?? "";
        _forged = _sealed[..^1] + (_sealed[^1] == 'A' ? 'B' : 'A');
        _header = $"theme=dark; consent=all; {Name}={_sealed}; last=/cart";
        _opening = Open();
    }

    /// <summary>Our cookie among four.</summary>
    [Benchmark]
    public int FindCookie()
    {
        var reader = new RequestCookieReader(_header, Name);
        return reader.MoveNext() ? reader.Value.Length : 0;
    }

    /// <summary>The others without ours, for the backend.</summary>
    [Benchmark]
    public StringValues OtherCookies() => RequestCookieReader.Without(_header, Name);

    /// <summary>A good one.</summary>
    [Benchmark]
    public AffinityOpening Open() => Codec.Open(_sealed, new AffinityScope(Host, "/"), _pool, AffinityLifetime.Unlimited, Now);

    /// <summary>One whose tag is wrong.</summary>
    [Benchmark]
    public AffinityOpening OpenForged() => Codec.Open(_forged, new AffinityScope(Host, "/"), _pool, AffinityLifetime.Unlimited, Now);

    /// <summary>A new one.</summary>
    [Benchmark]
    public string? Seal() => Codec.Seal(_cookie, new AffinityScope(Host, "/"), Nonce);

    /// <summary>The session stays.</summary>
    [Benchmark]
    public AffinityDecision Keep() => AffinityMachine.Decide(_opening, View, AffinityFailurePolicy.Redistribute, AffinityLifetime.Unlimited, Now);

    /// <summary>Its backend is lost: the successor that every front-end finds.</summary>
    [Benchmark]
    public int Successor() => AffinityMachine.Successor(View, _cookie.SessionId, Bound);

    private AffinityView View => new() { Pool = _pool, Backends = _statuses };
}
