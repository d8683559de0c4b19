namespace OrleansLb.Configuration.Tests;

public sealed class VariantSettingsTests
{
    private const string Ours = "ReverseProxy:Routes:app:OrleansLb";

    [Fact]
    public void Compile_Split_OneRouteOfEachPoolWithAllElseAlike()
    {
        var routes = Compile(
            """ "ClusterId": "a", "AuthorizationPolicy": "default", """,
            """ "Split": { "Weights": { "b": 5, "A": 95 }, "Cookie": ".V", "CookieMaxAge": "01:00:00", "Header": "X-V" }, "Failover": "c" """).Configuration!.Routes;

        Assert.Equal([("app", "a"), ("app~b", "b"), ("app~c", "c")], routes.Select(static route => (route.RouteId, route.ClusterId)));
        Assert.All(routes, static route => Assert.Equal(("/x", "default"), (route.Match.Path, route.AuthorizationPolicy)));
        Assert.Equal(
            [
                new RouteVariant("app", "a", 95, false, ".V", TimeSpan.FromHours(1), "X-V"),
                new RouteVariant("app", "b", 5, false, ".V", TimeSpan.FromHours(1), "X-V"),
                new RouteVariant("app", "c", 0, true, ".V", TimeSpan.FromHours(1), "X-V"),
            ],
            routes.Select(static route => RouteVariant.Parse(route.Metadata![RouteMetadataKeys.Variant])));
    }

    [Fact]
    public void Compile_FailoverAlone_StandsInForTheOnlyPool() => Assert.Equal(
        [new RouteVariant("app", "a", 1, false, "", TimeSpan.Zero, ""), new RouteVariant("app", "b", 0, true, "", TimeSpan.Zero, "")],
        Compile(""" "ClusterId": "a", """, """ "Failover": "B" """).Configuration!.Routes.Select(static route => RouteVariant.Parse(route.Metadata![RouteMetadataKeys.Variant])));

    [Fact]
    public void Compile_WithoutEither_RouteIsAsItWas() =>
        Assert.False(Assert.Single(Compile(""" "ClusterId": "a", """, "").Configuration!.Routes).Metadata?.ContainsKey(RouteMetadataKeys.Variant) ?? false);

    [Theory]
    [InlineData(""" "ClusterId": "a", """, """ "Split": {} """, "Split:Weights", "must name at least one cluster with its weight")]
    [InlineData(""" "ClusterId": "a", """, """ "Split": { "Weights": { "a": 0, "b": 0 } } """, "Split:Weights", "must have one that is above 0")]
    [InlineData(""" "ClusterId": "a", """, """ "Split": { "Weights": { "a": 1, "x": 1 } } """, "Split:Weights:x", "there is no cluster 'x'; known: ")]
    [InlineData(""" "ClusterId": "a", """, """ "Split": { "Weights": { "a": -1 } } """, "Split:Weights:a", "'-1' is not a whole number of parts from 0 to 1000000")]
    [InlineData(""" "ClusterId": "a", """, """ "Split": { "Weights": { "a": 1 }, "CookieMaxAge": "01:00:00" } """, "Split:CookieMaxAge", "has no effect without Cookie")]
    [InlineData(""" "ClusterId": "a", """, """ "Split": { "Weights": { "a": 1 }, "Cookie": "a b" } """, "Split:Cookie", "'a b' is not the name of a header or a cookie")]
    [InlineData(""" "ClusterId": "a", """, """ "Failover": "a" """, "Failover", "'a' has requests of the route already")]
    [InlineData(""" "ClusterId": "a", """, """ "Failover": "x" """, "Failover", "there is no cluster 'x'; known: ")]
    public void Compile_Mistake_IsSaidAtItsKey(string route, string ours, string key, string message)
    {
        var error = Assert.Single(Compile(route, ours).Errors);
        Assert.Equal($"{Ours}:{key}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_ClusterIsNoneOfTheSplit_IsSaid() => Assert.Equal(
        "ReverseProxy:Routes:app:ClusterId", Assert.Single(Compile(""" "ClusterId": "c", """, """ "Split": { "Weights": { "a": 1, "b": 1 } } """).Errors).Path);

    [Fact]
    public void Compile_RouteIsCalledAsAPartOfAnother_IsSaid() => Assert.Equal(
        "ReverseProxy:Routes:app~b",
        Assert.Single(Compile(""" "ClusterId": "a", """, """ "Split": { "Weights": { "a": 1, "b": 1 } } """, """ , "app~b": { "ClusterId": "a", "Match": { "Path": "/y" } } """).Errors).Path);

    private static CompilationResult Compile(string route, string ours, string others = "") => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Routes": { "app": { {{route}} "Match": { "Path": "/x" }, "OrleansLb": { {{ours}} } } {{others}} },
            "Clusters": {
              "a": { "Destinations": { "d": { "Address": "http://10.0.0.1/" } } },
              "b": { "Destinations": { "d": { "Address": "http://10.0.0.2/" } } },
              "c": { "Destinations": { "d": { "Address": "http://10.0.0.3/" } } }
            }
          }
        }
        """));
}
