using System.Globalization;
using OrleansLb.ChaosRun.Load;

namespace OrleansLb.ChaosRun.Stage;

/// <summary>The configuration that every silo watches: one pool with sessions, one limit, and routes that differ from version to version.</summary>
/// <param name="path">Where it is.</param>
/// <param name="backends">Names and ports of the backends.</param>
internal sealed class ConfigurationFile(string path, IReadOnlyList<(string Name, int Port)> backends)
{
    private const string Garbage = """{ "ReverseProxy": { "Clusters": { "app": { "LoadBalancingPolicy": "Nonsense", "Destinations": { "x": { "Address": "not an address" } } } } } }""";

    private int _number;

    /// <summary>Another one.</summary>
    public void WriteNext()
    {
        _number++;
        WriteAgain();
    }

    /// <summary>The last good one.</summary>
    public void WriteAgain() => Write(Text());

    /// <summary>One that must be refused.</summary>
    public void WriteGarbage() => Write(Garbage);

    // Whole or not at all, as an editor does it.
    private void Write(string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string Destination(string name, int port) => string.Create(CultureInfo.InvariantCulture, $$""" "{{name}}": { "Address": "http://127.0.0.1:{{port}}/" } """);

    private string Text() => $$"""
        {
          "ReverseProxy": {
            "Routes": {
              "limited": { "ClusterId": "app", "RateLimiterPolicy": "limit", "Match": { "Path": "/limited/{**rest}" } },
              "number": { "ClusterId": "app", "Match": { "Path": "/number-{{_number.ToString(CultureInfo.InvariantCulture)}}" } },
              "app": { "ClusterId": "app", "Match": { "Path": "/{**rest}" } }
            },
            "Clusters": {
              "app": {
                "LoadBalancingPolicy": "ClusterLeastRequests",
                "SessionAffinity": { "Enabled": true, "Policy": "ClusterCookie", "AffinityKeyName": ".Lb.App", "FailurePolicy": "Redistribute" },
                "HealthCheck": {
                  "AvailableDestinationsPolicy": "ClusterHealthyOrPanic",
                  "Active": { "Enabled": true, "Policy": "ClusterConsecutiveFailures", "Interval": "00:00:01", "Timeout": "00:00:01", "Path": "/health" },
                  "Passive": { "Enabled": true, "Policy": "ClusterOutlier", "ReactivationPeriod": "00:00:03" }
                },
                "Destinations": { {{string.Join(", ", backends.Select(static backend => Destination(backend.Name, backend.Port)))}} }
              }
            }
          },
          "OrleansLb": { "RateLimiting": { "Policies": { "limit": {
            "Algorithm": "TokenBucket", "TokenLimit": {{ClusterLoad.KeyLimit}}, "TokensPerPeriod": {{ClusterLoad.KeyLimit}}, "ReplenishmentPeriod": "00:00:01",
            "Partition": "Header", "PartitionHeader": "{{ClusterLoad.KeyHeader}}"
          } } } }
        }

        """;
}
