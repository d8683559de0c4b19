using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using OrleansLb.Core.RateLimiting;
using OrleansLb.Core.Snapshots;
using OrleansLb.Frontend.Http.RateLimiting;

namespace OrleansLb.Frontend.Tests.RateLimiting;

public sealed class PartitionKeyTests
{
    [Fact]
    public void Of_V4MappedAddress_IsTheV4Address() =>
        Assert.Equal(Key("192.0.2.7"), Key("::ffff:192.0.2.7"));

    [Fact]
    public void Of_V6AddressesOfOneCustomer_ShareAKey()
    {
        Assert.Equal(Key("2001:db8:1:2::1"), Key("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        Assert.NotEqual(Key("2001:db8:1:2::1"), Key("2001:db8:1:3::1"));
    }

    [Fact]
    public void Of_V4Neighbours_HaveKeysOfTheirOwn() =>
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
    public void Of_AnyPartsOfTheRequest_AllocatesNothing()
    {
        var context = Usual();
        var policy = Policy((RateLimitPartition)127) with { PartitionHeader = "X-Key", PartitionCookie = "key", PartitionQuery = "key", PartitionClaim = "sub" };
        PartitionKey.Of(policy, context, "r");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var time = 0; time < 1000; time++)
            PartitionKey.Of(policy, context, "r");
        // Less than a byte a call: the runtime itself may allocate once, when it compiles the loop anew.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);
    }

    [Fact]
    public void Of_LongerPrefix_TellsHostsOfOneCustomerApart()
    {
        RateLimitKey Long(string address) =>
            PartitionKey.Of(Policy(RateLimitPartition.ClientIp) with { IPv6PrefixLength = 128 }, From(address), "r");
        Assert.NotEqual(Long("2001:db8:1:2::1"), Long("2001:db8:1:2::2"));
        Assert.Equal(Key("192.0.2.7"), Long("192.0.2.7"));
    }

    [Theory]
    [InlineData(RateLimitPartition.Header)]
    [InlineData(RateLimitPartition.Cookie)]
    [InlineData(RateLimitPartition.Query)]
    [InlineData(RateLimitPartition.Host)]
    [InlineData(RateLimitPartition.Method)]
    [InlineData(RateLimitPartition.JwtClaim)]
    [InlineData(RateLimitPartition.ClientIp | RateLimitPartition.Route)]
    [InlineData(RateLimitPartition.Host | RateLimitPartition.Method | RateLimitPartition.Cookie)]
    public void Of_Part_DiffersByItAndByNothingElse(RateLimitPartition partition)
    {
        var policy = Policy(partition) with { PartitionHeader = "X-Key", PartitionCookie = "key", PartitionQuery = "key", PartitionClaim = "sub" };
        foreach (var part in Enum.GetValues<RateLimitPartition>().Where(static part => part != RateLimitPartition.Global))
        {
            var (context, routeId) = Other(part);
            var isEqual = PartitionKey.Of(policy, Usual(), "r") == PartitionKey.Of(policy, context, routeId);
            Assert.Equal(!partition.HasFlag(part), isEqual);
        }
    }

    [Fact]
    public void Of_HostInAnotherCaseOrWithAPort_IsTheSame()
    {
        RateLimitKey OfHost(string host)
        {
            var context = Usual();
            context.Request.Host = new HostString(host);
            return PartitionKey.Of(Policy(RateLimitPartition.Host), context, "r");
        }

        Assert.Equal(OfHost("example.com"), OfHost("Example.COM:8080"));
        Assert.NotEqual(OfHost("example.com"), OfHost("example.org"));
        Assert.Equal(OfHost(new string('a', 300)), OfHost(new string('A', 300)));
    }

    [Fact]
    public void Of_ClaimThatNobodyValidated_IsTheAddress()
    {
        var (invented, other, none) = (From("192.0.2.7"), From("192.0.2.7"), From("192.0.2.7"));
        invented.User = User("a", authenticatedBy: null);
        // Another identity of the same user is authenticated, and has no such claim.
        other.User = new ClaimsPrincipal([new ClaimsIdentity([new Claim("sub", "a")]), new ClaimsIdentity([new Claim("name", "a")], "Cookie")]);

        Assert.Equal(OfClaim(none), OfClaim(invented));
        Assert.Equal(OfClaim(none), OfClaim(other));
        Assert.NotEqual(OfClaim(none), OfClaim(Usual()));
        Assert.NotEqual(OfClaim(none), OfClaim(From("192.0.2.8")));
        Assert.NotEqual(OfClaim(none), Key("192.0.2.7"));
    }

    private static RateLimitKey OfClaim(HttpContext context) =>
        PartitionKey.Of(Policy(RateLimitPartition.JwtClaim) with { PartitionClaim = "sub" }, context, "r");

    private static ClaimsPrincipal User(string name, string? authenticatedBy) => new(new ClaimsIdentity([new Claim("sub", name)], authenticatedBy));

    private static DefaultHttpContext Usual()
    {
        var context = From("192.0.2.7");
        context.Request.Method = "GET";
        context.Request.Host = new HostString("example.com");
        context.Request.Headers["X-Key"] = "a";
        context.Request.Headers.Cookie = "other=1; key=a";
        context.Request.QueryString = new QueryString("?other=1&key=a");
        context.User = User("a", "Bearer");
        return context;
    }

    /// <summary>A request that differs in one part.</summary>
    private static (DefaultHttpContext Context, string RouteId) Other(RateLimitPartition part)
    {
        var context = Usual();
        switch (part)
        {
            case RateLimitPartition.ClientIp: context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.8"); break;
            case RateLimitPartition.Header: context.Request.Headers["X-Key"] = "b"; break;
            case RateLimitPartition.Cookie: context.Request.Headers.Cookie = "other=1; key=b"; break;
            case RateLimitPartition.Query: context.Request.QueryString = new QueryString("?other=1&key=b"); break;
            case RateLimitPartition.Host: context.Request.Host = new HostString("example.org"); break;
            case RateLimitPartition.Method: context.Request.Method = "PUT"; break;
            case RateLimitPartition.JwtClaim: context.User = User("b", "Bearer"); break;
        }

        return (context, part == RateLimitPartition.Route ? "other" : "r");
    }

    private static DefaultHttpContext From(string address) => new() { Connection = { RemoteIpAddress = IPAddress.Parse(address) } };

    private static RateLimitKey Key(string address) => PartitionKey.Of(Policy(RateLimitPartition.ClientIp), From(address), "r");

    private static RateLimitPolicyDefinition Policy(RateLimitPartition partition) =>
        new() { Name = "p", Algorithm = RateLimitAlgorithm.TokenBucket, Partition = partition };
}
