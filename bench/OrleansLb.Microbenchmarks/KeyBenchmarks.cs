using System.Net;
using BenchmarkDotNet.Attributes;
using OrleansLb.Core.Hashing;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Sessions;

namespace OrleansLb.Microbenchmarks;

/// <summary>What is made of what a request says, before anything is looked up by it: keys of hashed picks, of limits and of sessions.</summary>
public class KeyBenchmarks
{
    private const string Text = "/api/v1/customers/1234567/orders";
    private const int PrefixLength = 64;

    private static readonly IPAddress V4 = IPAddress.Parse("192.0.2.17");
    private static readonly IPAddress V6 = IPAddress.Parse("2001:db8:1:2:3:4:5:6");

    private readonly SessionHasher _sessions = new(new byte[32], "app");

    /// <summary>Of a pick, by 32 characters.</summary>
    [Benchmark]
    public HashKey PickByText() => HashKey.Of(Text);

    /// <summary>Of a pick, by an IPv4 address.</summary>
    [Benchmark]
    public HashKey PickByV4() => HashKey.Of(V4);

    /// <summary>Of a pick, by an IPv6 address.</summary>
    [Benchmark]
    public HashKey PickByV6() => HashKey.Of(V6);

    /// <summary>Of a limit, by 32 characters.</summary>
    [Benchmark]
    public RateLimitKey LimitByText() => RateLimitKey.Of(Text);

    /// <summary>Of a limit, by an IPv6 address.</summary>
    [Benchmark]
    public RateLimitKey LimitByV6() => RateLimitKey.Of(V6, PrefixLength);

    /// <summary>Of a limit, by an address and a route.</summary>
    [Benchmark]
    public RateLimitKey LimitByTwoParts() => RateLimitKey.Of(V6, PrefixLength).Then(RateLimitKey.Of("orders"));

    /// <summary>Of a session, by 32 characters: keyed, for they may be a secret.</summary>
    [Benchmark]
    public SessionKey SessionByText() => _sessions.Of(Text);
}
