using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class SessionSettingsTests
{
    private const string App = "ReverseProxy:Clusters:app";

    [Fact]
    public void Compile_NothingButThePolicy_HasTheDefaults()
    {
        var pool = Read("""{ "Enabled": true, "Policy": "clustersession", "AffinityKeyName": "sid" }""", "");

        Assert.Equal(new SessionDefinition { Name = "sid" }, pool.Session);
        Assert.True(pool.KeepsSessions);
    }

    [Fact]
    public void Compile_EveryKey_IsRead() => Assert.Equal(
        new SessionDefinition
        {
            Source = "ClientIp",
            IPv6PrefixLength = 48,
            IdleTimeout = TimeSpan.FromHours(2),
            BindTimeout = TimeSpan.FromSeconds(1),
            MaxSessions = 1_000,
        },
        Read(
            """{ "Enabled": true, "Policy": "ClusterSession", "AffinityKeyName": "any" }""",
            """ "Session": { "Source": "clientip", "IPv6PrefixLength": 48, "IdleTimeout": "02:00:00", "BindTimeout": "00:00:01", "MaxSessions": 1000 } """).Session);

    [Fact]
    public void Compile_Claim_ItsTypeMayBeAnyText()
    {
        const string type = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier";

        var session = Read($$"""{ "Enabled": true, "Policy": "ClusterSession", "AffinityKeyName": "{{type}}" }""", """ "Session": { "Source": "jwtclaim" } """).Session;

        Assert.Equal(new SessionDefinition { Source = "JwtClaim", Name = type }, session);
    }

    [Theory]
    [InlineData(""" "Policy": "ClusterCookie" """, "", """ "Session": { "MaxSessions": 100 } """, App + ":OrleansLb:Session", "has no effect without the SessionAffinity policy ClusterSession")]
    [InlineData(""" "Policy": "ClusterSession" """, """ , "Cookie": { "Path": "/x" } """, "", App + ":SessionAffinity:Cookie", "has no effect with ClusterSession, which sets no cookie: the application's own is left as it is")]
    [InlineData(""" "Policy": "ClusterSession", "AffinityKeyName": "a b" """, "", "", App + ":SessionAffinity:AffinityKeyName", "'a b' cannot be the name of a cookie")]
    [InlineData(""" "Policy": "ClusterSession", "AffinityKeyName": "X:y" """, "", """ "Session": { "Source": "Header" } """, App + ":SessionAffinity:AffinityKeyName", "'X:y' cannot be the name of a header")]
    [InlineData(""" "Policy": "ClusterSession", "AffinityKeyName": ".Sealed" """, "", "", App + ":SessionAffinity:AffinityKeyName", "'.Sealed' is the cookie of a cluster with ClusterCookie; name the application's own")]
    [InlineData(""" "Policy": "ClusterSession" """, "", """ "Session": { "Source": "Body" } """, App + ":OrleansLb:Session:Source", "unknown source 'Body'; known: Cookie, Header, QueryParameter, ClientIp, JwtClaim")]
    [InlineData(""" "Policy": "ClusterSession" """, "", """ "Session": { "IPv6PrefixLength": 48 } """, App + ":OrleansLb:Session:IPv6PrefixLength", "the source Cookie has no address; the one that has: ClientIp")]
    [InlineData(""" "Policy": "ClusterSession", "AffinityKeyName": "sub" """, "", """ "Session": { "Source": "JwtClaim", "IPv6PrefixLength": 48 } """, App + ":OrleansLb:Session:IPv6PrefixLength", "the source JwtClaim has no address; the one that has: ClientIp")]
    [InlineData(""" "Policy": "ClusterSession", "AffinityKeyName": "" """, "", """ "Session": { "Source": "JwtClaim" } """, App + ":SessionAffinity:AffinityKeyName", "Affinity key name set on the cluster 'app' must not be null.")]
    [InlineData(""" "Policy": "ClusterSession" """, "", """ "Session": { "IdleTimeout": "00:00:10" } """, App + ":OrleansLb:Session:IdleTimeout", "'00:00:10' is not from 00:01:00 to 7.00:00:00 (hh:mm:ss)")]
    [InlineData(""" "Policy": "ClusterSession" """, "", """ "Session": { "BindTimeout": "5" } """, App + ":OrleansLb:Session:BindTimeout", "'5' is not a time of the form hh:mm:ss")]
    [InlineData(""" "Policy": "ClusterSession" """, "", """ "Session": { "MaxSessions": 0 } """, App + ":OrleansLb:Session:MaxSessions", "'0' is not a whole number of sessions from 64 to 10000000")]
    [InlineData(""" "Policy": "ClusterSession" """, "", """ "Session": { "MaxSesions": 100 } """, App + ":OrleansLb:Session:MaxSesions", "unknown key; did you mean MaxSessions?")]
    public void Compile_Mistake_IsRefusedAtItsKey(string affinity, string more, string ours, string path, string message)
    {
        var named = affinity.Contains("AffinityKeyName", StringComparison.Ordinal) ? affinity : affinity + """, "AffinityKeyName": "sid" """;
        var result = Compile($$"""{ "Enabled": true, {{named}} {{more}} }""", ours);

        Assert.Null(result.Configuration);
        Assert.Equal([new ConfigurationError(path, message)], result.Errors);
    }

    private static PoolDefinition Read(string affinity, string ours)
    {
        var result = Compile(affinity, ours);
        Assert.Empty(result.Errors);
        return result.Configuration!.Snapshot.Pools["app"];
    }

    private static CompilationResult Compile(string affinity, string ours) => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Clusters": {
              "app": { "SessionAffinity": {{affinity}}, "OrleansLb": { {{ours}} }, "Destinations": { "a": { "Address": "http://10.0.0.1/" } } },
              "other": {
                "SessionAffinity": { "Enabled": true, "Policy": "ClusterCookie", "AffinityKeyName": ".Sealed" },
                "Destinations": { "a": { "Address": "http://10.0.0.1/" } }
              }
            }
          }
        }
        """));
}
