namespace OrleansLb.Configuration.Tests;

/// <summary>Mistakes in rate limits are reported at their keys.</summary>
public sealed class RateLimitRefusalTests
{
    private const string Bucket = "OrleansLb:RateLimiting:Policies:burst";
    private const string Window = "OrleansLb:RateLimiting:Policies:perKey";
    private const string InFlight = "OrleansLb:RateLimiting:Policies:inFlight";
    private const string Queue = "OrleansLb:RateLimiting:Policies:queue";

    [Theory]
    [InlineData("FixedWindow")]
    [InlineData("SlidingWindowCounter")]
    [InlineData("SlidingWindowLog")]
    [InlineData("LeakyBucket")]
    public void Compile_AnyAlgorithmLeased_IsTaken(string algorithm)
    {
        var settings = TestDocuments.Full();
        settings[Window + ":Algorithm"] = algorithm;
        settings[Window + ":Mode"] = "Leased";
        var compiled = TestDocuments.Compile(settings);
        Assert.Empty(compiled.Errors);
    }

    [Theory]
    [InlineData("600", null)]
    [InlineData("601", "the last of 601 would wait for 60.1 s at 10 in 00:00:01; at most 60 s")]
    [InlineData("1200", "the last of 1200 would wait for 120 s at 10 in 00:00:01; at most 60 s")]
    public void Compile_LeakyBucketThatWouldHoldRequestsForLong_IsReported(string queue, string? message)
    {
        var settings = TestDocuments.Full();
        settings[Queue + ":QueueLimit"] = queue;
        Assert.Equal(message is null ? [] : [new ConfigurationError(Queue + ":QueueLimit", message)], TestDocuments.Compile(settings).Errors);
    }

    [Theory]
    [InlineData("22", null)]
    [InlineData("23", "an empty bucket would need 2.1 days to hold 23 again; at most 2")]
    [InlineData("1000000000", "an empty bucket would need 90909090.91 days to hold 1000000000 again; at most 2")]
    public void Compile_BucketThatFillsForDays_IsReported(string tokens, string? message)
    {
        var settings = TestDocuments.Full();
        settings[Bucket + ":TokenLimit"] = tokens;
        settings[Bucket + ":TokensPerPeriod"] = "11";
        settings[Bucket + ":ReplenishmentPeriod"] = "1.00:00:00";
        Assert.Equal(message is null ? [] : [new ConfigurationError(Bucket + ":TokenLimit", message)], TestDocuments.Compile(settings).Errors);
    }

    [Theory]
    [InlineData(Bucket + ":Algorithm", "Bucket", "unknown algorithm 'Bucket'; known: TokenBucket, SlidingWindowCounter, FixedWindow, SlidingWindowLog, LeakyBucket, Concurrency")]
    [InlineData(Bucket + ":MaxKeys", "1023", "'1023' is not a whole number of keys from 1024 to 16777216")]
    [InlineData(Bucket + ":Algorithm", "0", "unknown algorithm '0'; known: TokenBucket, SlidingWindowCounter, FixedWindow, SlidingWindowLog, LeakyBucket, Concurrency")]
    [InlineData(Bucket + ":TokenLimit", "0", "'0' is not a whole number of tokens from 1 to 1000000000")]
    [InlineData(Bucket + ":TokensPerPeriod", "many", "'many' is not a whole number of tokens from 1 to 1000000000")]
    [InlineData(Bucket + ":ReplenishmentPeriod", "2.00:00:00", "'2.00:00:00' is not from 00:00:00.0100000 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData(Bucket + ":PermitLimit", "5", "does not apply to TokenBucket")]
    [InlineData(Bucket + ":Mode", "Leaked", "unknown mode 'Leaked'; known: Auto, Exact, Leased")]
    [InlineData(Bucket + ":Partition", "User", "unknown partition 'User'; known: Global, ClientIp, Header, Cookie, Query, Host, Method, Route, JwtClaim")]
    [InlineData(Bucket + ":PartitionHeader", "X-Key", "applies only to Partition Header")]
    [InlineData(Bucket + ":PartitionCookie", "key", "applies only to Partition Cookie")]
    [InlineData(Bucket + ":PartitionQuery", "key", "applies only to Partition Query")]
    [InlineData(Bucket + ":Partition", "ClientIp, User", "unknown partition 'User'; known: Global, ClientIp, Header, Cookie, Query, Host, Method, Route, JwtClaim")]
    [InlineData(Bucket + ":Partition", "Cookie", "Partition Cookie needs it", Bucket + ":PartitionCookie")]
    [InlineData(Bucket + ":Partition", "JwtClaim", "Partition JwtClaim needs it", Bucket + ":PartitionClaim")]
    [InlineData(Bucket + ":PartitionClaim", "sub", "applies only to Partition JwtClaim")]
    [InlineData(Bucket + ":Partition", "Route,query", "Partition Query needs it", Bucket + ":PartitionQuery")]
    [InlineData(Bucket + ":Partition", "Global, Route", "Global is all requests together and goes with nothing else")]
    [InlineData(Bucket + ":IPv6PrefixLength", "0", "'0' is not a whole number of bits from 1 to 128")]
    [InlineData(Window + ":IPv6PrefixLength", "56", "applies only to Partition ClientIp or JwtClaim")]
    [InlineData(Bucket + ":Exempt:0", "10.0.0.0/33", "'10.0.0.0/33' is neither a network such as 10.0.0.0/8 nor an address")]
    [InlineData(Bucket + ":DryRun", "maybe", "'maybe' is not true or false")]
    [InlineData(Bucket + ":Headers", "Some", "unknown choice 'Some'; known: Rejected, All, None")]
    [InlineData(Bucket + ":LegacyHeaders", "1", "'1' is not true or false")]
    [InlineData(Window + ":Headers", "All", "a limit that is only tried out tells clients nothing; drop it or DryRun")]
    [InlineData(Queue + ":Headers", "None", "goes with Headers Rejected or All", Queue + ":LegacyHeaders")]
    [InlineData(Bucket + ":WhenUnreachable", "Guess", "unknown choice 'Guess'; known: Share, Deny, Allow")]
    [InlineData(Bucket + ":Permits", "5", "unknown key; known: Algorithm, TokenLimit, TokensPerPeriod, ReplenishmentPeriod, PermitLimit, Window, QueueLimit, QueueTimeout, Partition, PartitionHeader, PartitionCookie, PartitionQuery and 10 more")]
    [InlineData(Bucket + ":QueueLimit", "5", "does not apply to TokenBucket")]
    [InlineData(Window + ":QueueLimit", "5", "does not apply to SlidingWindowCounter")]
    [InlineData(Window + ":QueueLimit", "-1", "'-1' is not a whole number of requests from 0 to 1000000")]
    [InlineData(Window + ":PermitLimit", "-1", "'-1' is not a whole number of permits from 1 to 1000000000")]
    [InlineData(Window + ":Window", "1", "'1' is not a time of the form hh:mm:ss")]
    [InlineData(Window + ":PartitionHeader", "X Key", "'X Key' is not the name of a header")]
    [InlineData(InFlight + ":Window", "00:00:01", "does not apply to Concurrency")]
    [InlineData(InFlight + ":TokenLimit", "5", "does not apply to Concurrency")]
    [InlineData(InFlight + ":PermitLimit", "0", "'0' is not a whole number of permits from 1 to 1000000000")]
    [InlineData(InFlight + ":QueueLimit", "-1", "'-1' is not a whole number of requests from 0 to 1000000")]
    [InlineData(InFlight + ":QueueTimeout", "00:00:00", "'00:00:00' is not from 00:00:00.0010000 to 01:00:00 (hh:mm:ss)")]
    [InlineData(InFlight + ":Overrides:0:Window", "00:00:01", "does not apply to Concurrency")]
    [InlineData(Queue + ":QueueTimeout", "00:00:05", "does not apply to LeakyBucket")]
    [InlineData("OrleansLb:RateLimiting:Policies:new:Algorithm", "Concurrency", "Concurrency needs it", "OrleansLb:RateLimiting:Policies:new:PermitLimit")]
    [InlineData("OrleansLb:RateLimiting:Policies:Disable:Algorithm", "TokenBucket", "'Disable' has a meaning of its own as a route's RateLimiterPolicy; choose another name", "OrleansLb:RateLimiting:Policies:Disable")]
    [InlineData("OrleansLb:RateLimiting:Policies:new:Mode", "Auto", "every policy needs it", "OrleansLb:RateLimiting:Policies:new:Algorithm")]
    [InlineData("OrleansLb:RateLimiting:Policies:new:Algorithm", "TokenBucket", "TokenBucket needs it", "OrleansLb:RateLimiting:Policies:new:TokenLimit")]
    [InlineData("OrleansLb:RateLimiting:Polices:new:Algorithm", "TokenBucket", "unknown key; did you mean Policies?", "OrleansLb:RateLimiting:Polices")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string value, string message, string? path = null) =>
        TestDocuments.AssertRefused(key, value, message, path);
}
