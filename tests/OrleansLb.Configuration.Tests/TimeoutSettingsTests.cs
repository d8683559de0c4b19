using Yarp.ReverseProxy.Configuration;

namespace OrleansLb.Configuration.Tests;

public sealed class TimeoutSettingsTests
{
    private const string Slow = """ "slow": { "Timeout": "00:01:00" }, "busy": { "Timeout": "00:00:05", "TimeoutStatusCode": 503 } """;

    [Theory]
    [InlineData(""" "TimeoutPolicy": "slow" """, "00:01:00", null)]
    [InlineData(""" "TimeoutPolicy": "BUSY" """, "00:00:05", "503")]
    [InlineData("", null, null)]
    [InlineData(""" "TimeoutPolicy": "" """, null, null)]
    [InlineData(""" "TimeoutPolicy": "Default" """, null, null)]
    [InlineData(""" "Timeout": "00:00:07" """, "00:00:07", null)]
    public void Compile_Route_HasTheTimeOfItsPolicy(string keys, string? time, string? status) => AssertTime(Route(keys, $$""" "Policies": { {{Slow}} } """), time, status);

    [Theory]
    [InlineData(""" "TimeoutPolicy": "slow" """, "00:01:00", null)]
    [InlineData("", "00:00:05", "503")]
    [InlineData(""" "TimeoutPolicy": "" """, "00:00:05", "503")]
    [InlineData(""" "TimeoutPolicy": "default" """, "00:00:05", "503")]
    [InlineData(""" "Timeout": "00:00:07" """, "00:00:07", null)]
    public void Compile_Default_IsOfRoutesThatSayNothing(string keys, string? time, string? status) =>
        AssertTime(Route(keys, $$""" "Default": "Busy", "Policies": { {{Slow}} } """), time, status);

    [Fact]
    public void Compile_Disable_IsNoTimeWhateverTheDefault()
    {
        var route = Route(""" "TimeoutPolicy": "Disable" """, $$""" "Default": "busy", "Policies": { {{Slow}} } """);
        Assert.Equal((null, "Disable", null), (route.Timeout, route.TimeoutPolicy, route.Metadata));
    }

    [Theory]
    [InlineData(""" "TimeoutPolicy": "long" """, Slow, "ReverseProxy:Routes:app:TimeoutPolicy", "unknown policy 'long'; known: ")]
    [InlineData(""" "TimeoutPolicy": "slow", "Timeout": "00:00:07" """, Slow, "ReverseProxy:Routes:app:Timeout", "Route 'app' has both a Timeout '00:00:07' and TimeoutPolicy 'slow'.")]
    [InlineData(""" "TimeoutPolicy": "Default", "Timeout": "00:00:07" """, Slow, "ReverseProxy:Routes:app:Timeout", "Route 'app' has both a Timeout '00:00:07' and TimeoutPolicy 'Default'.")]
    [InlineData(""" "TimeoutPolicy": "Disable", "Timeout": "00:00:07" """, Slow, "ReverseProxy:Routes:app:Timeout", "Route 'app' has both a Timeout '00:00:07' and TimeoutPolicy 'Disable'.")]
    [InlineData("", """ "none": {} """, "OrleansLb:Timeouts:Policies:none:Timeout", "must say how long a request may take; it is missing")]
    [InlineData(""" "TimeoutPolicy": "x" """, """ "x": { "Timeout": "30" } """, "OrleansLb:Timeouts:Policies:x:Timeout", "'30' is not a time of the form hh:mm:ss")]
    [InlineData("", """ "x": { "Timeout": "00:00:00" } """, "OrleansLb:Timeouts:Policies:x:Timeout", "'00:00:00' is not from 00:00:00.0010000 to 1.00:00:00 (hh:mm:ss)")]
    [InlineData("", """ "x": { "Timeout": "00:00:01", "TimeoutStatusCode": 200 } """, "OrleansLb:Timeouts:Policies:x:TimeoutStatusCode", "'200' is not a status from 400 to 599")]
    [InlineData("", """ "x": { "Timeout": "00:00:01", "Status": 500 } """, "OrleansLb:Timeouts:Policies:x:Status", "unknown key")]
    [InlineData("", """ "disable": { "Timeout": "00:00:01" } """, "OrleansLb:Timeouts:Policies:disable", "'disable' has a meaning of its own as a route's TimeoutPolicy; choose another name")]
    [InlineData("", """ "Default": { "Timeout": "00:00:01" } """, "OrleansLb:Timeouts:Policies:Default", "'Default' has a meaning of its own as a route's TimeoutPolicy; choose another name")]
    public void Compile_Mistake_IsSaidAtItsKey(string keys, string policies, string path, string message)
    {
        var error = Assert.Single(Compile(keys, $$""" "Policies": { {{policies}} } """).Errors);
        Assert.Equal(path, error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_DefaultThatIsNone_IsSaidAtItsKey()
    {
        var error = Assert.Single(Compile("", """ "Default": "slow" """).Errors);
        Assert.Equal("OrleansLb:Timeouts:Default", error.Path);
        Assert.StartsWith("unknown policy 'slow'; known: ", error.Message, StringComparison.Ordinal);
    }

    private static void AssertTime(RouteConfig route, string? time, string? status) =>
        Assert.Equal((time, null, status), (route.Timeout?.ToString("c"), route.TimeoutPolicy, route.Metadata?[RouteMetadataKeys.TimeoutStatus]));

    private static RouteConfig Route(string keys, string timeouts)
    {
        var result = Compile(keys, timeouts);
        Assert.Empty(result.Errors);
        return Assert.Single(result.Configuration!.Routes);
    }

    private static CompilationResult Compile(string keys, string timeouts) => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Routes": { "app": { "ClusterId": "a", "Match": { "Path": "/x" }{{(keys.Length > 0 ? "," : "")}} {{keys}} } },
            "Clusters": { "a": { "Destinations": { "d": { "Address": "http://10.0.0.1/" } } } }
          },
          "OrleansLb": { "Timeouts": { {{timeouts}} } }
        }
        """));
}
