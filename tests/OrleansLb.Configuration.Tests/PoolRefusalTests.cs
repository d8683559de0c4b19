using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

/// <summary>Mistakes in what we add to a cluster and its destinations are reported at their keys.</summary>
public sealed class PoolRefusalTests
{
    private const string App = "ReverseProxy:Clusters:app";

    [Theory]
    [InlineData(App + ":OrleansLb:Agent:Port", "70000", "'70000' is not a port from 1 to 65535")]
    [InlineData(App + ":OrleansLb:Agent:Interval", "00:00:00.01", "'00:00:00.01' is not from 00:00:00.1000000 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:Agent:Timeout", "2", "'2' is not a time of the form hh:mm:ss")]
    [InlineData(App + ":OrleansLb:Agent:Send", "a\\q", "'a\\q' has an escape that is none; known: \\r \\n \\t \\0 \\\\ \\xHH")]
    [InlineData(App + ":OrleansLb:Agent:Adress", "x", "unknown key; known: Port, Interval, Timeout, Send")]
    [InlineData(App + ":Destinations:a:OrleansLb:Agent:Host", "http://x/", "'http://x/' is neither a host name nor an address")]
    [InlineData(App + ":Destinations:a:OrleansLb:Agent:Port", "0", "'0' is not a port from 1 to 65535")]
    [InlineData(
        App + ":Destinations:a:OrleansLb:Agent:Host", "169.254.169.254",
        "'169.254.169.254' is a link-local address (cloud metadata services live there); list it in OrleansLb:AllowedBackendNetworks if that is meant")]
    [InlineData("ReverseProxy:Clusters:api:Destinations:one:OrleansLb:Agent:Port", "9", "has no effect without Agent of the cluster", "ReverseProxy:Clusters:api:Destinations:one:OrleansLb:Agent")]
    [InlineData("ReverseProxy:Clusters:api:OrleansLb:Agent:Interval", "00:00:01", "must be the port of the agents; it is missing", "ReverseProxy:Clusters:api:OrleansLb:Agent:Port")]
    [InlineData(App + ":OrleansLb:SlowStart", "30", "'30' is not a time of the form hh:mm:ss")]
    [InlineData(App + ":OrleansLb:SlowStart", "-00:00:01", "'-00:00:01' is not from 00:00:00 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:LoadReports:Blackout", "00:00:01", "the cluster's policy reads no reports; the one that does: ResourceBased", App + ":OrleansLb:LoadReports")]
    [InlineData(App + ":OrleansLb:LoadReports:Blackout", "01:00:01", "'01:00:01' is not from 00:00:00 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:LoadReports:Expiry", "00:00:00.5", "'00:00:00.5' is not from 00:00:01 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:LoadReports:ErrorPenalty", "-1", "'-1' is not a number from 0 to 1000")]
    [InlineData(App + ":OrleansLb:LoadReports:Penalty", "1", "unknown key; known: Blackout, Expiry, ErrorPenalty")]
    [InlineData(App + ":OrleansLb:SlowStartAggression", "NaN", "'NaN' is not a number from 0.1 to 10")]
    [InlineData(App + ":OrleansLb:SlowStartMinPercent", "0", "'0' is not a whole number of percent from 1 to 100")]
    [InlineData(App + ":OrleansLb:Hash:Source", "Path", "the cluster's policy hashes nothing; policies that do: IpHash, UrlHash, HeaderHash, CookieHash, ConsistentHash, Maglev, Rendezvous, BoundedLoadHash", App + ":OrleansLb:Hash")]
    [InlineData(App + ":OrleansLb:Hash:Sauce", "Path", "unknown key; known: Source, Name, IPv6PrefixLength")]
    [InlineData(App + ":LoadBalancingPolicy", "HeaderHash", "must name the Header whose value is the key; it is missing", App + ":OrleansLb:Hash:Name")]
    [InlineData(App + ":OrleansLb:Priority:OverprovisioningPercent", "99", "'99' is not a whole number of percent from 100 to 1000")]
    [InlineData(App + ":OrleansLb:ZonePreference", "Always", "unknown choice 'Always'; known: None, Prefer")]
    [InlineData(App + ":Destinations:a:OrleansLb:Priority", "-1", "'-1' is not a whole number of tiers from 0 to 15")]
    [InlineData(App + ":Destinations:a:OrleansLb:Weight", "-1", "'-1' is not a whole number of parts from 1 to 1000")]
    [InlineData(App + ":OrleansLb:HealthCheck:UnhealthyThreshold", "0", "'0' is not a whole number of failures in a row from 1 to 100")]
    [InlineData(App + ":OrleansLb:HealthCheck:HealthyThreshold", "101", "'101' is not a whole number of successes in a row from 1 to 100")]
    [InlineData(App + ":OrleansLb:HealthCheck:PanicPercent", "50%", "'50%' is not a whole number of percent from 0 to 100")]
    [InlineData(App + ":OrleansLb:HealthCheck:UnhealthyTreshold", "3", "unknown key; did you mean UnhealthyThreshold?")]
    [InlineData(App + ":OrleansLb:MaxConcurrentRequestsPerDestination", "0", "'0' is not a whole number of requests from 1 to 1000000")]
    [InlineData(App + ":OrleansLb:MaxConcurrentRequestsPerDestination", "1000001", "'1000001' is not a whole number of requests from 1 to 1000000")]
    [InlineData(App + ":OrleansLb:MaxConcurrentRequestsPerDestination", "many", "'many' is not a whole number of requests from 1 to 1000000")]
    [InlineData(App + ":OrleansLb:Queue:Limit", "-1", "'-1' is not a whole number of requests from 0 to 100000")]
    [InlineData(App + ":OrleansLb:Queue:Timeout", "10", "'10' is not a time of the form hh:mm:ss")]
    [InlineData(App + ":OrleansLb:Queue:Timeout", "00:00:00", "'00:00:00' is not from 00:00:00.0010000 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:Queue:Timout", "00:00:10", "unknown key; did you mean Timeout?")]
    [InlineData(App + ":OrleansLb:WhenUnreachable", "Wait", "unknown choice 'Wait'; known: Share, Deny, Allow")]
    [InlineData("ReverseProxy:Clusters:api:OrleansLb:Queue:Limit", "5", "has no effect without MaxConcurrentRequestsPerDestination, AdaptiveConcurrency or Agent", "ReverseProxy:Clusters:api:OrleansLb:Queue")]
    [InlineData("ReverseProxy:Clusters:api:OrleansLb:WhenUnreachable", "Deny", "has no effect without MaxConcurrentRequestsPerDestination, AdaptiveConcurrency or Agent")]
    [InlineData(App + ":OrleansLb:DrainTimeout", "1.00:00:01", "'1.00:00:01' is not from 00:00:00 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:Outlier:ConsecutiveFailures", "101", "'101' is not a whole number of failures in a row from 0 to 100")]
    [InlineData(App + ":OrleansLb:Outlier:ConsecutiveFailures", "-1", "'-1' is not a whole number of failures in a row from 0 to 100")]
    [InlineData(App + ":OrleansLb:Outlier:Interval", "10", "'10' is not a time of the form hh:mm:ss")]
    [InlineData(App + ":OrleansLb:Outlier:Interval", "02:00:00", "'02:00:00' is not from 00:00:00.1000000 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:Outlier:BaseEjection", "00:00:00", "'00:00:00' is not from 00:00:00.1000000 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:Outlier:MaxEjection", "00:00:29", "'00:00:29' is shorter than BaseEjection, which is 00:00:30")]
    [InlineData(App + ":OrleansLb:Outlier:MaxEjectionPercent", "0", "'0' is not a whole number of percent from 1 to 100")]
    [InlineData(App + ":OrleansLb:Outlier:SuccessRateMinimumHosts", "1", "'1' is not a whole number of backends from 2 to 1000")]
    [InlineData(App + ":OrleansLb:Outlier:SuccessRateRequestVolume", "0", "'0' is not a whole number of answers from 1 to 1000000")]
    [InlineData(App + ":OrleansLb:Outlier:SuccessRateStdevFactor", "1,9", "'1,9' is not a number from 0 to 10")]
    [InlineData(App + ":OrleansLb:Outlier:SuccessRateStdevFactor", "NaN", "'NaN' is not a number from 0 to 10")]
    [InlineData(App + ":OrleansLb:Outlier:FailurePercentThreshold", "101", "'101' is not a whole number of percent from 1 to 100")]
    [InlineData(App + ":OrleansLb:Outlier:FailurePercentMinimumHosts", "0", "'0' is not a whole number of backends from 1 to 1000")]
    [InlineData(App + ":OrleansLb:Outlier:FailurePercentRequestVolume", "x", "'x' is not a whole number of answers from 1 to 1000000")]
    [InlineData(App + ":OrleansLb:Outlier:DegradedLatencyFactor", "1", "'1' is not a number from 1.1 to 100")]
    [InlineData(App + ":OrleansLb:Outlier:ConsecutiveFailure", "5", "unknown key; did you mean ConsecutiveFailures?")]
    [InlineData(App + ":OrleansLb:Outlier", "5", "must be an object, not '5'")]
    [InlineData(App + ":OrleansLb:DrainTimeout", "300", "'300' is not a time of the form hh:mm:ss")]
    [InlineData(App + ":OrleansLb:DrainTimeout", "-00:00:01", "'-00:00:01' is not from 00:00:00 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:CircuitBreaker:FailurePercent", "0", "'0' is not a whole number of percent from 1 to 100")]
    [InlineData(App + ":OrleansLb:CircuitBreaker:MinimumThroughput", "0", "'0' is not a whole number of answers from 1 to 1000000")]
    [InlineData(App + ":OrleansLb:CircuitBreaker:SamplingDuration", "00:00:00.900", "'00:00:00.900' is not from 00:00:01 to 00:10:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:CircuitBreaker:BreakDuration", "00:00:00", "'00:00:00' is not from 00:00:00.1000000 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:CircuitBreaker:MaxBreakDuration", "00:00:01", "'00:00:01' is shorter than BreakDuration, which is 00:00:05")]
    [InlineData(App + ":OrleansLb:CircuitBreaker:TrialTimeout", "5", "'5' is not a time of the form hh:mm:ss")]
    [InlineData(App + ":OrleansLb:CircuitBreaker:BreakTime", "00:00:05", "unknown key; known: FailurePercent, MinimumThroughput, SamplingDuration, BreakDuration, MaxBreakDuration, TrialTimeout")]
    [InlineData(App + ":OrleansLb:AdaptiveConcurrency:MinConcurrency", "0", "'0' is not a whole number of requests from 1 to 1000000")]
    [InlineData(App + ":OrleansLb:AdaptiveConcurrency:BufferPercent", "0", "'0' is not a whole number of percent from 1 to 1000")]
    [InlineData(App + ":OrleansLb:AdaptiveConcurrency:MeasureInterval", "00:00:00.500", "'00:00:00.500' is not from 00:00:01 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:AdaptiveConcurrency:MeasureRequests", "x", "'x' is not a whole number of answers from 1 to 100000")]
    [InlineData(App + ":OrleansLb:AdaptiveConcurrency:MaxConcurrency", "5", "unknown key; did you mean MinConcurrency?")]
    [InlineData(App + ":OrleansLb:Rebalance:MaxPerSecond", "0", "'0' is not a whole number of connections from 1 to 10000")]
    [InlineData(App + ":OrleansLb:Rebalance:TolerancePercent", "x", "'x' is not a whole number of percent from 1 to 1000")]
    [InlineData(App + ":OrleansLb:Rebalance:MinAge", "2.00:00:00", "'2.00:00:00' is not from 00:00:00 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData(App + ":OrleansLb:Retry:MaxAttempts", "0", "'0' is not a whole number of attempts from 1 to 10")]
    [InlineData(App + ":OrleansLb:Retry:BudgetPercent", "101", "'101' is not a whole number of percent from 0 to 100")]
    [InlineData(App + ":OrleansLb:Retry:MinRetriesPerSecond", "-1", "'-1' is not a whole number of retries a second from 0 to 10000")]
    [InlineData(App + ":OrleansLb:Retry:MaxBodySize", "1048577", "'1048577' is not a whole number of bytes from 0 to 1048576")]
    [InlineData(App + ":OrleansLb:Retry:On:0", "302", "'302' is neither ConnectFailure nor Reset nor a status such as 503 or 502-504, from 400 to 599")]
    [InlineData(App + ":OrleansLb:Retry:On:0", "399-500", "'399-500' is neither ConnectFailure nor Reset nor a status such as 503 or 502-504, from 400 to 599")]
    [InlineData(App + ":OrleansLb:Retry:On:0", "timeout", "'timeout' is neither ConnectFailure nor Reset nor a status such as 503 or 502-504, from 400 to 599")]
    [InlineData(App + ":OrleansLb:Retry:On", "503", "must be a list, not '503'")]
    [InlineData(App + ":OrleansLb:Retry:On", "", "must name at least one; leave it out for none")]
    [InlineData(App + ":OrleansLb:Retry:Attempts", "2", "unknown key; known: MaxAttempts, On, MaxBodySize, BudgetPercent, MinRetriesPerSecond")]
    [InlineData(App + ":Destinations:a:OrleansLb:Weight", "0", "'0' is not a whole number of parts from 1 to 1000")]
    [InlineData(App + ":Destinations:a:OrleansLb:Weight", "1001", "'1001' is not a whole number of parts from 1 to 1000")]
    [InlineData(App + ":Destinations:a:OrleansLb:Weight", "1,5", "'1,5' is not a whole number of parts from 1 to 1000")]
    [InlineData(App + ":Destinations:a:OrleansLb:Wieght", "2", "unknown key; did you mean Weight?")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string value, string message, string? path = null) =>
        TestDocuments.AssertRefused(key, value, message, path);

    [Fact]
    public void Compile_WrongLimitOfConcurrency_IsTheOnlyError()
    {
        var settings = TestDocuments.Full();
        settings[App + ":OrleansLb:MaxConcurrentRequestsPerDestination"] = "0";

        Assert.Equal(App + ":OrleansLb:MaxConcurrentRequestsPerDestination", Assert.Single(TestDocuments.Compile(settings).Errors).Path);
    }

    [Fact]
    public void Compile_LimitOfConcurrency_HasItsDefaultsBesideIt()
    {
        var settings = TestDocuments.Full();
        settings["ReverseProxy:Clusters:api:OrleansLb:MaxConcurrentRequestsPerDestination"] = "7";

        var pools = TestDocuments.Compile(settings).Configuration!.Snapshot.Pools;

        Assert.Equal(
            new ConcurrencyDefinition { MaxRequestsPerBackend = 7, QueueLimit = 100, QueueTimeout = TimeSpan.FromSeconds(10), WhenUnreachable = WhenUnreachable.Share },
            pools["api"].Concurrency);
        Assert.Equal(
            new ConcurrencyDefinition { MaxRequestsPerBackend = 200, QueueLimit = 50, QueueTimeout = TimeSpan.FromSeconds(5), WhenUnreachable = WhenUnreachable.Deny },
            pools["app"].Concurrency);
    }

    [Fact]
    public void Compile_AgentsWithoutALimit_HaveAQueueForWhatTheySay()
    {
        var settings = TestDocuments.Full();
        settings["ReverseProxy:Clusters:api:OrleansLb:Agent:Port"] = "9707";
        settings["ReverseProxy:Clusters:api:OrleansLb:Queue:Limit"] = "3";
        settings["ReverseProxy:Clusters:api:OrleansLb:WhenUnreachable"] = "Deny";

        Assert.Equal(
            new ConcurrencyDefinition { MaxRequestsPerBackend = null, QueueLimit = 3, WhenUnreachable = WhenUnreachable.Deny },
            TestDocuments.Compile(settings).Configuration!.Snapshot.Pools["api"].Concurrency);
    }

    [Theory]
    [InlineData("")]
    [InlineData("LeastRequests")]
    [InlineData("powerOfTwoChoices")]
    public void Compile_StandbyUnderAPolicyThatKnowsNone_IsRefused(string policy)
    {
        var settings = TestDocuments.Full();
        settings[App + ":LoadBalancingPolicy"] = policy;
        settings[App + ":OrleansLb:ZonePreference"] = "Prefer";
        settings[App + ":OrleansLb:SlowStart"] = "00:00:30";
        settings[App + ":Destinations:b:OrleansLb:Priority"] = "1";

        var result = TestDocuments.Compile(settings);

        Assert.Equal([App + ":Destinations:b:OrleansLb:Priority", App + ":OrleansLb:ZonePreference"], result.Errors.Select(static error => error.Path));
        Assert.All(result.Errors, static error => Assert.Contains("those that heed it: ", error.Message, StringComparison.Ordinal));
        Assert.Equal([App + ":Destinations:a:OrleansLb:Weight", App + ":OrleansLb:SlowStart"], result.Warnings.Select(static warning => warning.Path));
    }
}
