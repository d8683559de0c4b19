using System.Text;
using Microsoft.Extensions.Configuration;
using OrleansLb.Configuration;
using OrleansLb.Core.Affinity;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Frontend.Tests.Defaults;

/// <summary>A configuration that switches everything on and says no number: what it becomes are the defaults.</summary>
internal static class UnconfiguredCluster
{
    private const string Document = """
        {
          "ReverseProxy": {
            "Clusters": {
              "plain": { "Destinations": { "a": { "Address": "http://10.0.0.1/" } } },
              "full": {
                "HealthCheck": { "Active": { "Enabled": true, "Policy": "ClusterConsecutiveFailures" }, "Passive": { "Enabled": true, "Policy": "ClusterOutlier" } },
                "SessionAffinity": { "Enabled": true, "Policy": "ClusterSession", "AffinityKeyName": "session", "FailurePolicy": "Redistribute" },
                "OrleansLb": { "CircuitBreaker": {}, "Agent": { "Port": 9707 } },
                "Destinations": { "a": { "Address": "http://10.0.0.1/" } }
              }
            },
            "Routes": { "all": { "ClusterId": "plain", "Match": { "Path": "{**rest}" } } }
          },
          "OrleansLb": { "RateLimiting": { "Policies": { "limit": { "Algorithm": "TokenBucket", "TokenLimit": 1, "TokensPerPeriod": 1, "ReplenishmentPeriod": "00:00:01" } } } }
        }
        """;

    private const string MetadataService = """{ "ReverseProxy": { "Clusters": { "metadata": { "Destinations": { "a": { "Address": "http://169.254.169.254/" } } } } } }""";

    public static CompiledConfiguration Compiled { get; } = Compile(Document).Configuration!;

    /// <summary>A pool for which nothing is switched on.</summary>
    public static PoolDefinition Plain => Compiled.Snapshot.Pools["plain"];

    /// <summary>One for which everything is.</summary>
    public static PoolDefinition Full => Compiled.Snapshot.Pools["full"];

    public static RateLimitPolicyDefinition Limit => Compiled.Snapshot.RateLimits["limit"];

    public static bool TakesMetadataServices => Compile(MetadataService).Configuration is not null;

    /// <summary>Whether a file may have a key, whatever values it takes.</summary>
    /// <param name="key">Its whole path, with the names that are used here.</param>
    public static bool Knows(string key)
    {
        var result = Compile(SettingsDocument.FromSettings([.. Read(Document).Settings, new KeyValuePair<string, string?>(key, "?")]));
        return !result.Errors.Concat(result.Warnings).Any(fault => key.StartsWith(fault.Path, StringComparison.Ordinal) && fault.Message.StartsWith("unknown key", StringComparison.Ordinal));
    }

    private static CompilationResult Compile(string document) => Compile(Read(document));

    private static CompilationResult Compile(SettingsDocument document)
    {
        using var compiler = new ConfigurationCompiler();
        return compiler.Compile(document, 1, GenerationLedger.Empty, KeyRing.Empty);
    }

    private static SettingsDocument Read(string document)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(document));
        return SettingsDocument.From(new ConfigurationBuilder().AddJsonStream(stream).Build());
    }
}
