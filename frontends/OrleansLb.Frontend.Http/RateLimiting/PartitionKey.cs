using System.Numerics;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.Routing;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>What a request counts against. Allocates nothing for a request that names its key once.</summary>
internal static class PartitionKey
{
    // The longest name that DNS knows; what is longer is no host, and hashed all the same.
    private const int LongestHost = 255;

    private static readonly RateLimitKey NoClaim = RateLimitKey.Of("no claim");

    /// <summary>The key: of several parts all of them, in the order of their declaration.</summary>
    public static RateLimitKey Of(RateLimitPolicyDefinition policy, HttpContext context, string routeId)
    {
        var open = (int)policy.Partition;
        if (open == 0)
            return RateLimitKey.Of(ReadOnlySpan<char>.Empty);
        var key = OfPart(TakeLowest(ref open), policy, context, routeId);
        while (open != 0)
            key = key.Then(OfPart(TakeLowest(ref open), policy, context, routeId));
        return key;
    }

    private static RateLimitPartition TakeLowest(ref int open)
    {
        var lowest = 1 << BitOperations.TrailingZeroCount(open);
        open &= ~lowest;
        return (RateLimitPartition)lowest;
    }

    private static RateLimitKey OfPart(RateLimitPartition part, RateLimitPolicyDefinition policy, HttpContext context, string routeId)
    {
        switch (part)
        {
            case RateLimitPartition.ClientIp:
                return RateLimitKey.Of(context.Connection.RemoteIpAddress, policy.IPv6PrefixLength);
            case RateLimitPartition.Header:
                return RateLimitKey.Of(context.Request.Headers[policy.PartitionHeader!].ToString().AsSpan());
            case RateLimitPartition.Cookie:
                RequestValues.TryGetCookie(context.Request, policy.PartitionCookie!, out var cookie);
                return RateLimitKey.Of(cookie);
            case RateLimitPartition.Query:
                RequestValues.TryGetQuery(context.Request, policy.PartitionQuery!, out var parameter);
                return RateLimitKey.Of(parameter);
            case RateLimitPartition.Host:
                return OfHost(context.Request.Host);
            case RateLimitPartition.Method:
                return RateLimitKey.Of(context.Request.Method.AsSpan());
            case RateLimitPartition.JwtClaim:
                return OfClaim(context, policy);
            default:
                return RateLimitKey.Of(routeId.AsSpan());
        }
    }

    // What a token says is worth something only once somebody has validated it: a client that invents tokens, or sends none, is one address. A claim and an
    // address are told apart, or a name could be chosen whose limit is that of somebody's address.
    private static RateLimitKey OfClaim(HttpContext context, RateLimitPolicyDefinition policy) =>
        ValidatedClaim.Find(context.User, policy.PartitionClaim!) is { } value
            ? RateLimitKey.Of(value.AsSpan())
            : RateLimitKey.Of(context.Connection.RemoteIpAddress, policy.IPv6PrefixLength).Then(NoClaim);

    // Whoever writes a name in another case must not get a limit of his own for it.
    private static RateLimitKey OfHost(HostString host)
    {
        Span<char> lower = stackalloc char[LongestHost];
        var name = host.Host;
        return name.Length <= lower.Length && name.AsSpan().ToLowerInvariant(lower) is >= 0 and var length
            ? RateLimitKey.Of(lower[..length])
            : RateLimitKey.Of(name.ToLowerInvariant().AsSpan());
    }
}
