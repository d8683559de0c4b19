using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Http.RateLimiting;

/// <summary>What a request counts against. Allocates nothing for a request that names its key once.</summary>
internal static class PartitionKey
{
    private const int AddressLength = 16;

    // The part of an IPv6 address that a network gives to one customer: a host may choose the rest freely.
    private const int CustomerPrefixLength = 8;

    public static RateLimitKey Of(RateLimitPolicyDefinition policy, HttpContext context, string routeId) => policy.Partition switch
    {
        RateLimitPartition.ClientIp => OfAddress(context.Connection.RemoteIpAddress),
        RateLimitPartition.Header => RateLimitKey.Of(context.Request.Headers[policy.PartitionHeader!].ToString().AsSpan()),
        RateLimitPartition.Route => RateLimitKey.Of(routeId.AsSpan()),
        _ => RateLimitKey.Of(ReadOnlySpan<char>.Empty),
    };

    /// <summary>IPv4 by the whole address, also where it came as IPv6 (v4-mapped); IPv6 by its /64.</summary>
    public static RateLimitKey OfAddress(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[AddressLength];
        if (address is null || !address.TryWriteBytes(bytes, out var length))
            return RateLimitKey.Of(ReadOnlySpan<byte>.Empty);
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return RateLimitKey.Of((ReadOnlySpan<byte>)bytes[..length]);
        return address.IsIPv4MappedToIPv6
            ? RateLimitKey.Of((ReadOnlySpan<byte>)bytes[^4..])
            : RateLimitKey.Of((ReadOnlySpan<byte>)bytes[..CustomerPrefixLength]);
    }
}
