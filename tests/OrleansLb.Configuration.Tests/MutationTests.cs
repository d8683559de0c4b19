using System.Globalization;
using CsCheck;

namespace OrleansLb.Configuration.Tests;

/// <summary>No document makes the compiler throw, and what it lets through YARP accepts.</summary>
public sealed class MutationTests
{
    private const int Mutants = 10_000;

    private static readonly KeyValuePair<string, string?>[] Good =
    [
        .. SettingsDocument.From(TestDocuments.OfFile("Ours/full.json")).Settings,
        .. SettingsDocument.From(TestDocuments.OfFile("Ours/probes.json")).Settings,
    ];

    private static readonly string?[] Values =
    [
        null, "", " ", "true", "-1", "0", "1", "99999999999999999999", "1.5", "00:00:01", "-00:00:01", "1e9", "NaN", "\0", "\n", "::", "{", "/{a", "{**}",
        "/{a:regex(()}", "/{a}{b}", "/{a}/{a}", "http://", "http://[", "http://a:99999/", "http://user:pw@a/?q#f", "*", "*.", "xn--", "Default", "Disable", "null", "[]", "{}",
        "ClusterLeastRequests", "ClusterOutlier", "ClusterConsecutiveFailures", "TokenBucket", "Leased", "Header", "Route", "GET", "é", "\ud800",
        new string('x', 300), "Tls12, Tls13", "Lax, Strict", "7", "65536", "Script", "Tcp", "Grpc", "HEAD", "200-", "\\x", "(?=a)", "Unhealthy", "a:b:c", "%", "%zz", "\u202e",
    ];

    private static readonly string[] Segments =
    [
        "ReverseProxy", "Routes", "Clusters", "OrleansLb", "Destinations", "Match", "Transforms", "Metadata", "0", "1", "-1", "", " ", "app", "APP", "x", "Weight",
        "HealthCheck", "Active", "Policies", "Headers", "Name", "Values", "SslProtocols", "\n", "OrleansLb.X", "Deep", "Script", "Send", "ExpectRegex", "Host", "Content-Type", "PathPattern", "X-Forwarded", "RequestHeader", "When",
    ];

    private static readonly Gen<(int Act, int Index, int Value, int Segment, int Depth)> Mutation =
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Int[0, 1_000_000], Gen.Int[0, 6]);

    [Fact]
    public void MutantsNeverThrowAndAreEitherCompiledOrExplained() =>
        Mutation.Array[1, 4].Sample(
            static mutations =>
            {
                var settings = new List<KeyValuePair<string, string?>>(Good);
                foreach (var mutation in mutations)
                    Apply(mutation, settings);

                var result = TestDocuments.Compile(SettingsDocument.FromSettings(settings));

                Assert.Equal(result.Errors.IsEmpty, result.Configuration is not null);
                Assert.All(result.Errors, static error => Assert.NotEqual("", error.Message));
                Assert.DoesNotContain(result.Errors, static error => error.Message.StartsWith("YARP cannot read", StringComparison.Ordinal));
            },
            iter: Mutants);

    [Fact]
    public void EveryErrorOfSeveralMistakesIsListed() =>
        Gen.Select(Gen.Int[0, Mistakes.Length - 1], Gen.Int[0, Mistakes.Length - 1], Gen.Int[0, Mistakes.Length - 1]).Sample(
            static (first, second, third) =>
            {
                var made = new[] { Mistakes[first], Mistakes[second], Mistakes[third] }.Distinct().ToArray();
                var settings = Good.ToDictionary();
                foreach (var (key, value) in made)
                    settings[key] = value;

                var errors = TestDocuments.Compile(SettingsDocument.FromSettings(settings)).Errors;

                Assert.Equal(made.Select(static mistake => mistake.Key).Order(), errors.Select(static error => error.Path).Order());
            },
            iter: 500);

    private static readonly (string Key, string Value)[] Mistakes =
    [
        ("ReverseProxy:Routes:api:Order", "x"),
        ("ReverseProxy:Routes:api:ClusterId", "x"),
        ("ReverseProxy:Routes:api:CorsPolicy", "x"),
        ("ReverseProxy:Routes:api:Match:Path", "/{"),
        ("ReverseProxy:Clusters:api:HttpRequest:Version", "x"),
        ("ReverseProxy:Clusters:app:LoadBalancingPolicy", "x"),
        ("ReverseProxy:Clusters:app:SessionAffinity:Policy", "x"),
        ("ReverseProxy:Clusters:redis:OrleansLb:HealthCheck:Script:1:Expect", "\\x"),
        ("ReverseProxy:Clusters:redis:OrleansLb:HealthCheck:BodyContains", "x"),
        ("ReverseProxy:Clusters:web:OrleansLb:HealthCheck:Deep:Type", "Tcp"),
        ("ReverseProxy:Clusters:web:OrleansLb:HealthCheck:Headers:Content-Type", "x"),
        ("ReverseProxy:Clusters:app:Destinations:a:Address", "x"),
        ("ReverseProxy:Clusters:app:Destinations:b:Address", "http://169.254.169.254/"),
        ("ReverseProxy:Clusters:app:Destinations:b:OrleansLb:Weight", "x"),
        ("OrleansLb:RateLimiting:Policies:burst:Window", "00:00:01"),
        ("OrleansLb:RateLimiting:Policies:perKey:Algorithm", "x"),
        ("OrleansLb:AllowedBackendNetworks:1", "/"),
    ];

    private static void Apply((int Act, int Index, int Value, int Segment, int Depth) mutation, List<KeyValuePair<string, string?>> settings)
    {
        var index = mutation.Index % settings.Count;
        var (key, value) = settings[index];
        var other = Values[mutation.Value % Values.Length];
        settings[index] = mutation.Act switch
        {
            0 or 1 => new(key, other),
            2 => new(Replaced(key, mutation.Depth, Segments[mutation.Segment % Segments.Length]), value),
            3 => new(key + ":" + Segments[mutation.Segment % Segments.Length], other),
            4 => new(Replaced(key, mutation.Depth, mutation.Value.ToString(CultureInfo.InvariantCulture)), other),
            _ => settings[^1],
        };
        if (mutation.Act == 5 && settings.Count > 1)
            settings.RemoveAt(settings.Count - 1);
    }

    private static string Replaced(string key, int depth, string segment)
    {
        var segments = key.Split(':');
        segments[depth % segments.Length] = segment;
        return string.Join(':', segments);
    }
}
