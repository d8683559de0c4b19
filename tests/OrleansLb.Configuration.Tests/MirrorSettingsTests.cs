namespace OrleansLb.Configuration.Tests;

public sealed class MirrorSettingsTests
{
    private const string Ours = "ReverseProxy:Routes:app:OrleansLb:";

    [Fact]
    public void Compile_OnlyACluster_TheRestIsAsUsual()
    {
        var mirror = Mirror(""" "Mirror": { "Cluster": "B" } """);
        Assert.Equal(("app", "b", 100.0, 65_536, 100, TimeSpan.FromSeconds(10)), (mirror.Route, mirror.Cluster, mirror.Percent, mirror.MaxBody, mirror.MaxInFlight, mirror.Timeout));
        Assert.Equal(["GET", "HEAD", "OPTIONS"], mirror.Methods);
    }

    [Fact]
    public void Compile_AllKeys_AreTheRoutes()
    {
        var mirror = Mirror(""" "Mirror": { "Cluster": "b", "Percent": 0.5, "MaxBody": 0, "MaxInFlight": 7, "Methods": [ "POST", "GET" ], "Timeout": "00:00:00.500" } """);
        Assert.Equal((0.5, 0, 7, TimeSpan.FromMilliseconds(500)), (mirror.Percent, mirror.MaxBody, mirror.MaxInFlight, mirror.Timeout));
        Assert.Equal(["POST", "GET"], mirror.Methods);
    }

    [Fact]
    public void Compile_DividedRoute_AllItsPartsHaveIt() => Assert.All(
        Compile(""" "Split": { "Weights": { "a": 1, "c": 1 } }, "Mirror": { "Cluster": "b" } """).Configuration!.Routes,
        static route => Assert.Equal("app", MirrorDefinition.Parse(route.Metadata![RouteMetadataKeys.Mirror]).Route));

    [Theory]
    [InlineData(""" "Mirror": {} """, "Mirror:Cluster", "must name the cluster that is sent copies; it is missing")]
    [InlineData(""" "Mirror": { "Cluster": null } """, "Mirror:Cluster", "must have a value")]
    [InlineData(""" "Mirror": { "Cluster": "x" } """, "Mirror:Cluster", "there is no cluster 'x'; known: ")]
    [InlineData(""" "Mirror": { "Cluster": "a" } """, "Mirror:Cluster", "'a' has the requests of the route already")]
    [InlineData(""" "Mirror": { "Cluster": "b", "Percent": 101 } """, "Mirror:Percent", "'101' is not a number from 0 to 100")]
    [InlineData(""" "Mirror": { "Cluster": "b", "MaxBody": -1 } """, "Mirror:MaxBody", "'-1' is not a whole number of bytes from 0 to 1048576")]
    [InlineData(""" "Mirror": { "Cluster": "b", "MaxInFlight": 0 } """, "Mirror:MaxInFlight", "'0' is not a whole number of copies from 1 to 10000")]
    [InlineData(""" "Mirror": { "Cluster": "b", "Methods": [] } """, "Mirror:Methods", "must name at least one")]
    [InlineData(""" "Mirror": { "Cluster": "b", "Methods": [ "GET POST" ] } """, "Mirror:Methods:0", "'GET POST' is not a method such as GET")]
    [InlineData(""" "Mirror": { "Cluster": "b", "Timeout": "00:00:00" } """, "Mirror:Timeout", "'00:00:00' is not from 00:00:00.0010000 to 00:10:00 (hh:mm:ss)")]
    [InlineData(""" "Mirror": { "Cluster": "b", "Share": 5 } """, "Mirror:Share", "unknown key")]
    public void Compile_Mistake_IsSaidAtItsKey(string ours, string key, string message)
    {
        var error = Assert.Single(Compile(ours).Errors);
        Assert.Equal($"{Ours}{key}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_RouteThatAnswersByItself_HasNothingToCopy() => Assert.Equal(
        ($"{Ours}Mirror", "has no effect on a route without a cluster of its own"),
        Compile(""" "Response": {}, "Mirror": { "Cluster": "b" } """, cluster: "").Errors.Select(static error => (error.Path, error.Message)).Single());

    private static MirrorDefinition Mirror(string ours) => MirrorDefinition.Parse(Assert.Single(Compile(ours).Configuration!.Routes).Metadata![RouteMetadataKeys.Mirror]);

    private static CompilationResult Compile(string ours, string cluster = """ "ClusterId": "a", """) => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Routes": { "app": { {{cluster}} "Match": { "Path": "/x" }, "OrleansLb": { {{ours}} } } },
            "Clusters": {
              "a": { "Destinations": { "d": { "Address": "http://10.0.0.1/" } } },
              "b": { "Destinations": { "d": { "Address": "http://10.0.0.2/" } } },
              "c": { "Destinations": { "d": { "Address": "http://10.0.0.3/" } } }
            }
          }
        }
        """));
}
