namespace OrleansLb.Configuration.Tests;

public sealed class AnswerSettingsTests
{
    private const string Route = "ReverseProxy:Routes:app";
    private const string Ours = $"{Route}:OrleansLb:";
    private const string Cluster = "ReverseProxy:Clusters:a:OrleansLb:";

    [Fact]
    public void Compile_RedirectToALocation_IsTheRoutes() => Assert.Equal(
        new RedirectDefinition("https://www.example.com{path}", 301, null),
        RedirectDefinition.Parse(Metadata("", """ "Redirect": { "Location": "https://www.example.com{path}", "Status": 301 } """)[RouteMetadataKeys.Redirect]));

    [Theory]
    [InlineData(""" "Scheme": "HTTPS" """, "https://{host}{path}{query}")]
    [InlineData(""" "Scheme": "https", "Port": 8443 """, "https://{host}:8443{path}{query}")]
    [InlineData(""" "Scheme": "http" """, "http://{host}{path}{query}")]
    public void Compile_RedirectToAScheme_IsALocationForOtherSchemesAndMayHaveACluster(string redirect, string location)
    {
        var scheme = location[..location.IndexOf(':', StringComparison.Ordinal)];
        foreach (var cluster in (string[])["", """ "ClusterId": "a", """])
        {
            Assert.Equal(
                new RedirectDefinition(location, 302, scheme),
                RedirectDefinition.Parse(Metadata(cluster, $$""" "Redirect": { {{redirect}} } """)[RouteMetadataKeys.Redirect]));
        }
    }

    [Fact]
    public void Compile_Response_IsTheRoutes()
    {
        var page = PageDefinition.Parse(Metadata("", """ "Response": { "Status": 404, "Body": "no\n", "ContentType": "text/html", "Headers": { "X-A": "b" } } """)[RouteMetadataKeys.Response]);
        Assert.Equal((404, "no\n", null, "text/html", TimeSpan.Zero, true), (page.Status, page.Body, page.File, page.ContentType, page.RetryAfter, page.IsKept));
        Assert.Equal([KeyValuePair.Create("X-A", "b")], page.Headers);
    }

    [Fact]
    public void Compile_MaintenanceAndUnavailable_AreOnEachRouteOfTheCluster()
    {
        var routes = Compile(
            """ "ClusterId": "a", """,
            """ "Split": { "Weights": { "a": 1, "b": 1 } } """,
            """ "Maintenance": { "Enabled": true, "File": "down/a.html", "AllowFrom": [ "10.0.0.0/8" ] }, "Unavailable": { "Body": "x", "Status": 502, "RetryAfter": "00:00:00" } """).Configuration!.Routes;

        var closed = MaintenanceDefinition.Parse(routes[0].Metadata![RouteMetadataKeys.Maintenance]);
        Assert.Equal((503, "down/a.html", TimeSpan.FromMinutes(1), false), (closed.Page.Status, closed.Page.File, closed.Page.RetryAfter, closed.Page.IsKept));
        Assert.Equal(["10.0.0.0/8"], closed.AllowFrom);
        var outage = PageDefinition.Parse(routes[0].Metadata![RouteMetadataKeys.Unavailable]);
        Assert.Equal((502, "x", TimeSpan.Zero), (outage.Status, outage.Body, outage.RetryAfter));
        Assert.DoesNotContain(routes[1].Metadata!.Keys, static key => key is RouteMetadataKeys.Maintenance or RouteMetadataKeys.Unavailable);
    }

    [Theory]
    [InlineData("""  """)]
    [InlineData(""" "Enabled": false, """)]
    public void Compile_MaintenanceThatIsNotEnabled_IsCheckedAndNotInForce(string enabled)
    {
        Assert.False(Compile(""" "ClusterId": "a", """, "", $$""" "Maintenance": { {{enabled}} "Body": "x" } """).Configuration!.Routes[0].Metadata?.ContainsKey(RouteMetadataKeys.Maintenance) ?? false);
        Assert.Equal($"{Cluster}Maintenance:File", Assert.Single(Compile(""" "ClusterId": "a", """, "", $$""" "Maintenance": { {{enabled}} "Body": "x", "File": "y" } """).Errors).Path);
    }

    [Theory]
    [InlineData(""" "Redirect": {} """, "Redirect", "must have Location or Scheme")]
    [InlineData(""" "Redirect": { "Location": "//x" } """, "Redirect:Location", "'//x' begins with two slashes")]
    [InlineData(""" "Redirect": { "Location": null } """, "Redirect:Location", "must have a value")]
    [InlineData(""" "Redirect": { "Location": "/x", "Scheme": "https" } """, "Redirect:Scheme", "goes with no Location")]
    [InlineData(""" "Redirect": { "Location": "/x", "Port": 1 } """, "Redirect:Port", "goes with no Location")]
    [InlineData(""" "Redirect": { "Scheme": "ftp" } """, "Redirect:Scheme", "unknown scheme 'ftp'; known: http, https")]
    [InlineData(""" "Redirect": { "Scheme": "https", "Port": 0 } """, "Redirect:Port", "'0' is not a port from 1 to 65535")]
    [InlineData(""" "Redirect": { "Scheme": "https", "Status": 200 } """, "Redirect:Status", "unknown status of a redirect '200'; known: 301, 302, 303, 307, 308")]
    [InlineData(""" "Redirect": { "Scheme": "https", "Code": 301 } """, "Redirect:Code", "unknown key")]
    [InlineData(""" "Redirect": { "Scheme": "https" }, "Response": {} """, "Response", "goes with no Redirect; a route has one answer")]
    [InlineData(""" "Response": { "Status": 199 } """, "Response:Status", "'199' is not a status from 200 to 599")]
    [InlineData(""" "Response": { "Status": 600 } """, "Response:Status", "'600' is not a status from 200 to 599")]
    [InlineData(""" "Response": { "Body": "x", "File": "y" } """, "Response:File", "goes with no Body")]
    [InlineData(""" "Response": { "Status": 204, "Body": "x" } """, "Response:Body", "an answer of status 204 has no body")]
    [InlineData(""" "Response": { "File": "/etc/passwd" } """, "Response:File", "'/etc/passwd' is not the name of a file below the front-ends' folder of pages")]
    [InlineData(""" "Response": { "File": "../key.pem" } """, "Response:File", "'../key.pem' is not the name of a file")]
    [InlineData(""" "Response": { "File": "a/.hidden" } """, "Response:File", "'a/.hidden' is not the name of a file")]
    [InlineData(""" "Response": { "File": "" } """, "Response:File", "'' is not the name of a file")]
    [InlineData(""" "Response": { "Body": "x", "ContentType": "html" } """, "Response:ContentType", "'html' is not a media type")]
    [InlineData(""" "Response": { "ContentType": "text/html" } """, "Response:ContentType", "has no effect without Body or File")]
    [InlineData(""" "Response": { "Headers": { "a b": "x" } } """, "Response:Headers:a b", "'a b' is not the name of a header")]
    [InlineData(""" "Response": { "Headers": { "X-A": "a\r\nB: c" } } """, "Response:Headers:X-A", "'a??B: c' is not one line of printable ASCII characters")]
    [InlineData(""" "Response": { "Headers": { "content-length": "9" } } """, "Response:Headers:content-length", "is said by the front-end itself")]
    [InlineData(""" "Response": { "Headers": { "Transfer-Encoding": "chunked" } } """, "Response:Headers:Transfer-Encoding", "is said by the front-end itself")]
    public void Compile_MistakeOfARoute_IsSaidAtItsKey(string ours, string key, string message)
    {
        var error = Assert.Single(Compile("", ours).Errors);
        Assert.Equal($"{Ours}{key}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "Maintenance": { "Enabled": "yes" } """, "Maintenance:Enabled", "'yes' is not true or false")]
    [InlineData(""" "Maintenance": { "AllowFrom": [] } """, "Maintenance:AllowFrom", "must name at least one")]
    [InlineData(""" "Maintenance": { "AllowFrom": [ "office" ] } """, "Maintenance:AllowFrom:0", "'office' is neither a network such as 10.0.0.0/8 nor an address")]
    [InlineData(""" "Maintenance": { "RetryAfter": "30" } """, "Maintenance:RetryAfter", "'30' is not a time of the form hh:mm:ss")]
    [InlineData(""" "Maintenance": { "Status": 100 } """, "Maintenance:Status", "'100' is not a status from 200 to 599")]
    [InlineData(""" "Unavailable": { "Status": 200 } """, "Unavailable:Status", "'200' is not a status from 400 to 599")]
    [InlineData(""" "Unavailable": { "Enabled": true } """, "Unavailable:Enabled", "unknown key")]
    public void Compile_MistakeOfACluster_IsSaidAtItsKey(string ours, string key, string message)
    {
        var error = Assert.Single(Compile(""" "ClusterId": "a", """, "", ours).Errors);
        Assert.Equal($"{Cluster}{key}", error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "Redirect": { "Location": "/x" } """, "Redirect")]
    [InlineData(""" "Response": {} """, "Response")]
    public void Compile_AnswerBesideClusters_IsRefusedAtTheKeysThatNameThem(string ours, string key)
    {
        var own = Assert.Single(Compile(""" "ClusterId": "a", """, ours).Errors);
        Assert.Equal(($"{Route}:ClusterId", $"goes with no OrleansLb:{key}, by which the route answers by itself"), (own.Path, own.Message));
        var split = Assert.Single(Compile("", $$""" "Split": { "Weights": { "a": 1 } }, {{ours}} """).Errors);
        Assert.Equal(($"{Ours}Split", $"goes with no {key}, by which the route answers by itself"), (split.Path, split.Message));
        Assert.Contains(Compile("", $$""" "Failover": "a", {{ours}} """).Errors, static error => error.Path == $"{Ours}Failover");
    }

    private static IReadOnlyDictionary<string, string> Metadata(string route, string ours) => Assert.Single(Compile(route, ours).Configuration!.Routes).Metadata!;

    private static CompilationResult Compile(string route, string ours, string cluster = "") => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Routes": { "app": { {{route}} "Match": { "Path": "/x" }, "OrleansLb": { {{ours}} } } },
            "Clusters": {
              "a": { "Destinations": { "d": { "Address": "http://10.0.0.1/" } }, "OrleansLb": { {{cluster}} } },
              "b": { "Destinations": { "d": { "Address": "http://10.0.0.2/" } } }
            }
          }
        }
        """));
}
