using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Configuration.Tests;

/// <summary>Every kind of mistake is reported at its key, with what would be right.</summary>
public sealed class RefusalTests
{
    private const string Api = "ReverseProxy:Routes:api";
    private const string App = "ReverseProxy:Clusters:app";
    private const string Bucket = "OrleansLb:RateLimiting:Policies:burst";
    private const string Window = "OrleansLb:RateLimiting:Policies:perKey";

    [Theory]
    [InlineData("Ours/full.json")]
    [InlineData("Ours/probes.json")]
    public void Compile_FullExample_HasNeitherErrorsNorWarnings(string file)
    {
        var result = TestDocuments.Compile(TestDocuments.OfFile(file));

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
    }

    [Fact]
    public void Validate_FileWithMistakes_FindsThemBeforeTheProcessStarts() =>
        Assert.Equal(
            ["ReverseProxy:Clusters:app:Destinations:a:Address", "ReverseProxy:Routes:app:ClusterId"],
            ConfigurationCompiler.Validate(TestDocuments.OfJson("""
                { "ReverseProxy": { "Routes": { "app": { "ClusterId": "ap", "Match": { "Path": "/" } } }, "Clusters": { "app": { "Destinations": { "a": {} } } } } }
                """)).Errors.Select(error => error.Path));

    // Values that YARP's parser would throw on
    [Theory]
    [InlineData(Api + ":Order", "first", "'first' is not a whole number between -2147483648 and 2147483647")]
    [InlineData(Api + ":Order", "2147483648", "'2147483648' is not a whole number between -2147483648 and 2147483647")]
    [InlineData(Api + ":MaxRequestBodySize", "1 MB", "'1 MB' is not a whole number")]
    [InlineData(Api + ":Timeout", "30s", "'30s' is not a time of the form hh:mm:ss")]
    [InlineData(Api + ":RouteId", "api", "routes are an object whose keys are the route ids, not a list with 'RouteId'")]
    [InlineData(Api + ":Match:Headers:0:Mode", "Regex", "'Regex' is none of: ExactHeader, HeaderPrefix, Contains, NotContains, Exists, NotExists")]
    [InlineData(Api + ":Match:QueryParameters:0:IsCaseSensitive", "si", "'si' is not true or false")]
    [InlineData(App + ":HealthCheck:Active:Interval", "5", "'5.00:00:00' is not from 00:00:00.0100000 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":HealthCheck:Active:Interval", "soon", "'soon' is not a time of the form hh:mm:ss")]
    [InlineData(App + ":HealthCheck:Active:Enabled", "on", "'on' is not true or false")]
    [InlineData(App + ":SessionAffinity:Cookie:SameSite", "Loose", "'Loose' is none of: None, Lax, Strict, Unspecified")]
    [InlineData("ReverseProxy:Clusters:api:HttpClient:SslProtocols:0", "Tls14", "'Tls14' is none of: None, Ssl2, Ssl3, Tls, Default, Tls11, Tls12, Tls13")]
    [InlineData("ReverseProxy:Clusters:api:HttpClient:WebProxy:Address", "proxy", "'proxy' is not an absolute URI")]
    [InlineData("ReverseProxy:Clusters:api:HttpRequest:Version", "two", "'two' is not an HTTP version such as 1.1 or 2")]
    [InlineData(Api + ":ClusterId:Oops", "x", "must be one value, not an object or a list", Api + ":ClusterId")]
    // What YARP's validator finds
    [InlineData(Api + ":Match:Path", "/{unclosed", "Invalid path '/{unclosed' for route 'api'.")]
    [InlineData(Api + ":Match:Methods:0", "FETCH", "Unsupported HTTP method 'FETCH' has been set for route 'api'.", Api + ":Match:Methods")]
    [InlineData(Api + ":Match:Hosts:0", "xn--bcher-kva.test", "Punycode host name 'xn--bcher-kva.test' has been set for route 'api'. Use the unicode host name instead.", Api + ":Match:Hosts")]
    [InlineData(Api + ":Match:Headers:0:Name", "", "A null or empty route header name has been set for route 'api'.", Api + ":Match:Headers")]
    [InlineData(Api + ":Match:QueryParameters:0:Name", "", "A null or empty route query parameter name has been set for route 'api'.", Api + ":Match:QueryParameters")]
    [InlineData(Api + ":OutputCachePolicy", "long", "OutputCache policy 'long' not found for route 'api'.")]
    [InlineData(Api + ":TimeoutPolicy", "Disable", "Route 'api' has both a Timeout '00:00:30' and TimeoutPolicy 'Disable'.", Api + ":Timeout")]
    [InlineData(Api + ":Timeout", "00:00:00", "The Timeout value '00:00:00' is invalid for route 'api'. The Timeout must be greater than zero milliseconds.")]
    [InlineData(Api + ":Transforms:1:PathFix", "/", "The transform contains more parameters than expected: PathFix;RequestHeader;Set", Api + ":Transforms:1")]
    [InlineData(Api + ":Transforms:2:PathFix", "/", "Unknown transform: PathFix", Api + ":Transforms:2")]
    [InlineData(App + ":HealthCheck:Passive:ReactivationPeriod", "00:00:00", "Unhealthy destination reactivation period set on the cluster 'app' must be positive.")]
    [InlineData("ReverseProxy:Clusters:api:HealthCheck:Active:Interval", "00:00:00", "Destination probing interval set on the cluster 'api' must be positive.")]
    [InlineData("ReverseProxy:Clusters:api:HealthCheck:Active:Timeout", "-00:00:01", "Destination probing timeout set on the cluster 'api' must be positive.")]
    [InlineData("ReverseProxy:Clusters:api:HttpClient:MaxConnectionsPerServer", "0", "Max connections per server limit set on the cluster 'api' must be positive.")]
    [InlineData("ReverseProxy:Clusters:api:HttpClient:RequestHeaderEncoding", "runes", "Invalid request header encoding 'runes'.")]
    [InlineData("ReverseProxy:Clusters:api:HttpClient:ResponseHeaderEncoding", "runes", "Invalid response header encoding 'runes'.")]
    [InlineData("ReverseProxy:Clusters:api:HttpRequest:Version", "4", "Outgoing request version '4.0' is not any of supported HTTP versions (1.0, 1.1, 2 and 3).")]
    [InlineData(App + ":SessionAffinity:AffinityKeyName", "", "Affinity key name set on the cluster 'app' must not be null.")]
    [InlineData(App + ":SessionAffinity:Cookie:MaxAge", "00:00:00", "Session affinity cookie max-age must be positive or null.")]
    [InlineData(App + ":SessionAffinity:Cookie:Expiration", "00:00:00", "Session affinity cookie expiration must be positive or null.")]
    // What would only fail when the first request builds YARP's route table
    [InlineData(Api + ":Match:Path", "/{id:whole}", "constraint of {id}: The constraint reference 'whole' could not be resolved to a type. Register the constraint type with 'Microsoft.AspNetCore.Routing.RouteOptions.ConstraintMap'.")]
    [InlineData(Api + ":Match:Hosts:0", "api.test:http", "'api.test:http' does not end in a port from 1 to 65535 or in :*")]
    // What surrounds a route
    [InlineData(Api + ":OrleansLb:Access:Allow:0", "10.0.0.0/8/8", "'10.0.0.0/8/8' is neither a network such as 10.0.0.0/8 nor an address")]
    [InlineData(Api + ":OrleansLb:Access:Allow", "10.0.0.0/8", "must be a list, not '10.0.0.0/8'")]
    [InlineData(Api + ":OrleansLb:Access:Deny", "", "must name at least one; leave it out for none")]
    [InlineData(Api + ":OrleansLb:Access:Allow:0", "4711", "'4711' is neither a network such as 10.0.0.0/8 nor an address")]
    [InlineData(Api + ":OrleansLb:Access:Allow:0", "010.0.0.1", "'010.0.0.1' is neither a network such as 10.0.0.0/8 nor an address")]
    [InlineData(Api + ":OrleansLb:Access:AllowCountries:0", "Germany", "'Germany' is not the two letters of a country, such as DE (ISO 3166-1)")]
    [InlineData(Api + ":OrleansLb:Access:DenyCountries:1", "D1", "'D1' is not the two letters of a country, such as DE (ISO 3166-1)")]
    [InlineData(Api + ":OrleansLb:Access:DenyCountries:0", "UK", "'UK' is not the two letters of a country, such as DE (ISO 3166-1)")]
    [InlineData(Api + ":OrleansLb:Access:DenyCountries", "DE", "must be a list, not 'DE'")]
    [InlineData(Api + ":OrleansLb:Access:Block:0", "10.0.0.0/8", "unknown key; known: Allow, Deny, AllowCountries, DenyCountries", Api + ":OrleansLb:Access:Block")]
    [InlineData(Api + ":OrleansLb:Subset:version", "", "'' is not a text of 1 to 256 characters without control characters")]
    [InlineData(Api + ":OrleansLb:SubsetFallback", "Some", "unknown choice 'Some'; known: None, Any")]
    // Names
    [InlineData(Api + ":ClusterId", "ap", "there is no cluster 'ap'; known: api, app")]
    [InlineData(Api + ":AuthorizationPolicy", "staff", "unknown policy 'staff'; known: Default, Anonymous, employees")]
    [InlineData(Api + ":CorsPolicy", "wide", "unknown policy 'wide'; known: Default, Disable, shop")]
    [InlineData(Api + ":RateLimiterPolicy", "perClient", "unknown policy 'perClient'; known: Default, Disable, burst, inFlight, perKey, queue")]
    [InlineData(Api + ":OrleansLb:RateLimiterPolicies:0", "perClient", "unknown policy 'perClient'; known: burst, inFlight, perKey, queue")]
    [InlineData(Api + ":OrleansLb:RateLimiterPolicies:0", "Disable", "unknown policy 'Disable'; known: burst, inFlight, perKey, queue")]
    [InlineData(Api + ":OrleansLb:RateLimiterPolicies", "burst", "must be a list, not 'burst'")]
    [InlineData(Api + ":OrleansLb:RateLimiterPolicies", "", "must name at least one; leave it out for none")]
    [InlineData(Api + ":Metadata:OrleansLb.RateLimiterPolicy", "burst", "metadata whose name begins with OrleansLb. is reserved")]
    [InlineData(App + ":LoadBalancingPolicy", "X", "unknown policy 'X'; known: FirstAlphabetical, Random, RoundRobin, LeastRequests, PowerOfTwoChoices, ClusterLeastRequests, ClusterPowerOfTwoChoices, LeastResponseTime, HotCold, ResourceBased, WeightedRoundRobin, WeightedRandom and 8 more")]
    [InlineData(App + ":SessionAffinity:Policy", "X", "unknown policy 'X'; known: HashCookie, ArrCookie, Cookie, CustomHeader, ClusterCookie, ClusterSession")]
    [InlineData(App + ":SessionAffinity:FailurePolicy", "X", "unknown policy 'X'; known: Redistribute, Return503Error")]
    [InlineData(App + ":HealthCheck:AvailableDestinationsPolicy", "X", "unknown policy 'X'; known: HealthyAndUnknown, HealthyOrPanic, ClusterHealthyOrPanic")]
    [InlineData(App + ":HealthCheck:AvailableDestinationsPolicy", "HealthyOrPanic", "'HealthyOrPanic' sees only checks of its own process and would ignore the cluster's; use ClusterHealthyOrPanic or leave it out")]
    [InlineData(App + ":HealthCheck:Active:Policy", "X", "unknown policy 'X'; known: ConsecutiveFailures, ClusterConsecutiveFailures")]
    [InlineData(App + ":HealthCheck:Passive:Policy", "X", "unknown policy 'X'; known: TransportFailureRate, ClusterOutlier")]
    // Ours
    [InlineData(App + ":HealthCheck:Active:Interval", "00:00:00.0010000", "'00:00:00.0010000' is not from 00:00:00.0100000 to 01:00:00 (hh:mm:ss)")]
    [InlineData(App + ":HealthCheck:Active:Timeout", "00:02:00", "'00:02:00' is not from 00:00:00.0010000 to 00:01:00 (hh:mm:ss)")]
    [InlineData(App + ":HealthCheck:Active:Path", "health", "'health' does not start with '/'")]
    [InlineData(App + ":HealthCheck:Active:Query", "a=b", "'a=b' does not start with '?'")]
    [InlineData(App + ":HealthCheck:Passive:ReactivationPeriod", "2.00:00:00", "'2.00:00:00' is not from 00:00:00.1000000 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData(Api + ":OrleansLb:Weight", "2", "unknown key; known: Access, RateLimiterPolicies, Subset, SubsetFallback, Split, Failover, Redirect, Response, Mirror, Hedge")]
    [InlineData(App + ":Destinations:a:Address", "", "must be an absolute http or https URI; it is missing")]
    [InlineData(App + ":Destinations:a:Address", "10.0.0.1:8080", "'10.0.0.1:8080' is not an absolute http or https URI")]
    [InlineData(App + ":Destinations:a:Address", "ftp://10.0.0.1/", "'ftp://10.0.0.1/' is not an absolute http or https URI")]
    [InlineData(App + ":Destinations:a:Health", "/health", "'/health' is not an absolute http or https URI")]
    [InlineData("OrleansLb:AllowedBackendNetworks:1", "not a network", "'not a network' is neither a network such as 169.254.10.0/24, nor an address, nor a host name")]
    // Cookies
    [InlineData("OrleansLb:Affinity:KeyRotation", "00:00:59", "'00:00:59' is neither 00:00:00 nor from 00:01:00 to 365.00:00:00 (hh:mm:ss)")]
    [InlineData("OrleansLb:Affinity:KeyRotation", "7", "'7' is not a time of the form hh:mm:ss")]
    [InlineData("OrleansLb:Rollback:Enabled", "yes", "'yes' is not true or false")]
    [InlineData("OrleansLb:Rollback:Window", "00:00:04", "'00:00:04' is not from 00:00:05 to 01:00:00 (hh:mm:ss)")]
    [InlineData("OrleansLb:Rollback:MaxRisePercent", "0", "'0' is not a number from 0.1 to 100")]
    [InlineData("OrleansLb:Rollback:MinRequests", "9", "'9' is not a whole number of requests from 10 to 1000000")]
    [InlineData("OrleansLb:Rollback:FailureStatuses", "302-599", "'302-599' is not a set of statuses from 400 to 599 such as 500-599,404")]
    [InlineData("OrleansLb:Rollback:FailureStatuses", "", "'' is not a set of statuses from 400 to 599 such as 500-599,404")]
    [InlineData("OrleansLb:Rollback:Threshold", "3", "unknown key; known: Enabled, Window, MaxRisePercent, MinRequests, FailureStatuses")]
    [InlineData("OrleansLb:Affinity:Keys", "3", "unknown key; known: KeyRotation")]
    public void Compile_Mistake_IsReportedAtItsKey(string key, string value, string message, string? path = null) =>
        TestDocuments.AssertRefused(key, value, message, path);

    [Fact]
    public void Compile_NamesOfPoliciesOfFrontends_AreTakenWhereNoneIsServed()
    {
        var settings = TestDocuments.Full();
        settings[Api + ":AuthorizationPolicy"] = "staff";
        settings[Api + ":CorsPolicy"] = "wide";
        using var compiler = new ConfigurationCompiler();

        var result = compiler.Compile(SettingsDocument.FromSettings(settings), 1, GenerationLedger.Empty, KeyRing.Empty);

        var route = result.Configuration!.Routes.Single(static route => route.RouteId == "api");
        Assert.Equal(("staff", "wide"), (route.AuthorizationPolicy, route.CorsPolicy));
    }

    [Theory]
    [InlineData("ReverseProxy:Clusters:APP:LoadBalancingPolicy", "Random", "ReverseProxy:Clusters:APP", "ReverseProxy:Clusters:app")]
    [InlineData(App + ":Destinations:A:Address", "http://10.0.0.9/", App + ":Destinations:A", App + ":Destinations:a")]
    public void Compile_IdsThatDifferByCase_AreRefused(string key, string value, params string[] paths)
    {
        var settings = new Dictionary<string, string?>(TestDocuments.Full(), StringComparer.Ordinal) { [key] = value };

        var errors = TestDocuments.Compile(settings).Errors;

        Assert.Contains(errors, error => paths.Contains(error.Path) && error.Message.Contains("differ only by case", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("burst", "perKey", "BURST", Api + ":OrleansLb:RateLimiterPolicies:1", "names 'burst' again; a request counts once against each policy")]
    [InlineData("perKey", "burst", "perKey", Api + ":OrleansLb:RateLimiterPolicies:1", "names 'perKey' again; a request counts once against each policy")]
    [InlineData("disable", "burst", "perKey", Api + ":OrleansLb:RateLimiterPolicies", "goes with no RateLimiterPolicy 'disable'")]
    public void Compile_PoliciesOfARouteThatDoNotGoTogether_AreRefused(string alone, string first, string second, string path, string message)
    {
        var settings = TestDocuments.Full();
        settings[Api + ":RateLimiterPolicy"] = alone;
        settings[Api + ":OrleansLb:RateLimiterPolicies:0"] = first;
        settings[Api + ":OrleansLb:RateLimiterPolicies:1"] = second;

        Assert.Equal(new ConfigurationError(path, message), Assert.Single(TestDocuments.Compile(settings).Errors));
    }

    [Fact]
    public void Compile_MorePoliciesOfARouteThanItMayHave_AreRefused()
    {
        var settings = TestDocuments.Full();
        for (var index = 0; index < 9; index++)
        {
            settings[$"OrleansLb:RateLimiting:Policies:p{index}:Algorithm"] = "FixedWindow";
            settings[$"OrleansLb:RateLimiting:Policies:p{index}:PermitLimit"] = "1";
            settings[$"OrleansLb:RateLimiting:Policies:p{index}:Window"] = "00:00:01";
            settings[$"{Api}:OrleansLb:RateLimiterPolicies:{index}"] = $"p{index}";
        }

        settings.Remove(Api + ":RateLimiterPolicy");

        Assert.Equal(
            new ConfigurationError(Api + ":OrleansLb:RateLimiterPolicies", "makes 9 policies of one route; at most 8 are allowed"),
            Assert.Single(TestDocuments.Compile(settings).Errors));
    }

    [Fact]
    public void Compile_SettingGivenTwice_IsRefused()
    {
        var document = SettingsDocument.FromSettings([.. TestDocuments.Full(), new(App + ":LoadBalancingPolicy", "Random")]);

        Assert.Contains(new ConfigurationError(App + ":LoadBalancingPolicy", "is given twice"), TestDocuments.Compile(document).Errors);
    }

    [Fact]
    public void Compile_HalfACharacter_IsRefused()
    {
        var settings = TestDocuments.Full();
        settings[App + ":Metadata:Note"] = "\ud800";

        Assert.Equal(
            new ConfigurationError(App + ":Metadata:Note", "holds half a character (an unpaired UTF-16 surrogate)"),
            Assert.Single(TestDocuments.Compile(settings).Errors));
    }

    [Fact]
    public void Compile_KeyOfOneProcess_IsRefused()
    {
        var settings = TestDocuments.Full();
        settings["OrleansLb:Status:Url"] = "http://localhost:1";
        settings["Kestrel:Endpoints:a:Url"] = "http://localhost:2";

        Assert.Equal(["Kestrel", "OrleansLb:Status"], TestDocuments.Compile(settings).Errors.Select(error => error.Path));
    }

    [Fact]
    public void Compile_TooLargeDocument_IsRefusedWithItsSize()
    {
        var settings = TestDocuments.Full();
        settings[App + ":Metadata:Note"] = new string('x', SettingsDocument.MaxBytes);

        var error = Assert.Single(TestDocuments.Compile(settings).Errors);

        Assert.Contains("at most 16777216 are allowed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_ManyMistakes_AreReportedAtOnceInOrder()
    {
        var settings = TestDocuments.Full();
        settings[Api + ":Order"] = "x";
        settings[Api + ":Match:Path"] = "/{";
        settings[Api + ":RateLimiterPolicy"] = "none";
        settings[App + ":LoadBalancingPolicy"] = "X";
        settings[App + ":Destinations:a:Address"] = "";
        settings[App + ":Destinations:b:OrleansLb:Weight"] = "heavy";
        settings[Bucket + ":TokenLimit"] = "0";
        settings[Window + ":Mode"] = "Leaked";

        Assert.Equal(
            [
                Bucket + ":TokenLimit",
                Window + ":Mode",
                App + ":Destinations:a:Address",
                App + ":Destinations:b:OrleansLb:Weight",
                App + ":LoadBalancingPolicy",
                Api + ":Match:Path",
                Api + ":Order",
                Api + ":RateLimiterPolicy",
            ],
            TestDocuments.Compile(settings).Errors.Select(error => error.Path));
    }

    [Fact]
    public void Compile_UnknownKeyOfYarp_IsAWarning()
    {
        var settings = TestDocuments.Full();
        settings[App + ":LoadBalancngPolicy"] = "Random";

        var result = TestDocuments.Compile(settings);

        Assert.NotNull(result.Configuration);
        Assert.Equal(new ConfigurationError(App + ":LoadBalancngPolicy", "unknown key; did you mean LoadBalancingPolicy? (ignored)"), Assert.Single(result.Warnings));
    }

    [Fact]
    public void Compile_HostileValue_IsCutAndCleanedInTheMessage()
    {
        var settings = TestDocuments.Full();
        settings[App + ":LoadBalancingPolicy"] = "a\nfake log line" + new string('x', 1_000);

        var message = Assert.Single(TestDocuments.Compile(settings).Errors).Message;

        Assert.StartsWith("unknown policy 'a?fake log line", message, StringComparison.Ordinal);
        Assert.True(message.Length < 400);
    }
}
