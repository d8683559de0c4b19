using System.Net;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.RateLimiting;

namespace OrleansLb.Frontend.Tests.RateLimiting;

public sealed class PartitionKeyTests
{
    [Fact]
    public void OfAddress_V4MappedAddress_IsTheV4Address() =>
        Assert.Equal(Key("192.0.2.7"), Key("::ffff:192.0.2.7"));

    [Fact]
    public void OfAddress_V6AddressesOfOneCustomer_ShareAKey()
    {
        Assert.Equal(Key("2001:db8:1:2::1"), Key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        Assert.NotEqual(Key("2001:db8:1:2::1"), Key("2001:db8:1:3::1"));
    }

    [Fact]
    public void OfAddress_V4Neighbours_HaveKeysOfTheirOwn() =>
        Assert.NotEqual(Key("192.0.2.7"), Key("192.0.2.8"));

    [Fact]
    public void Of_Header_RequestsWithoutItShareOneKey()
    {
        var policy = Policy(RateLimitPartition.Header) with { PartitionHeader = "X-Api-Key" };
        var (with, without) = (new DefaultHttpContext(), new DefaultHttpContext());
        with.Request.Headers["X-Api-Key"] = "a";

        Assert.Equal(PartitionKey.Of(policy, without, "r1"), PartitionKey.Of(policy, new DefaultHttpContext(), "r2"));
        Assert.NotEqual(PartitionKey.Of(policy, without, "r1"), PartitionKey.Of(policy, with, "r1"));
    }

    [Fact]
    public void Of_RouteAndGlobal_DifferByWhetherRoutesShare()
    {
        var context = new DefaultHttpContext();
        Assert.NotEqual(PartitionKey.Of(Policy(RateLimitPartition.Route), context, "r1"), PartitionKey.Of(Policy(RateLimitPartition.Route), context, "r2"));
        Assert.Equal(PartitionKey.Of(Policy(RateLimitPartition.Global), context, "r1"), PartitionKey.Of(Policy(RateLimitPartition.Global), context, "r2"));
    }

    [Fact]
    public void Of_ClientIp_AllocatesNothing()
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("2001:db8::1") } };
        var policy = Policy(RateLimitPartition.ClientIp);
        PartitionKey.Of(policy, context, "r");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 1000; time++)
            PartitionKey.Of(policy, context, "r");
        // Less than a byte a call: the runtime itself may allocate once, when it compiles the loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    private static RateLimitKey Key(string address) => PartitionKey.OfAddress(IPAddress.Parse(address));

    private static RateLimitPolicyDefinition Policy(RateLimitPartition partition) =>
        new() { Name = "p", Algorithm = RateLimitAlgorithm.TokenBucket, Partition = partition };
}
