using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class OutlierSettingsTests
{
    private const string Section = "ReverseProxy:Clusters:app:OrleansLb:Outlier";

    [Fact]
    public void Compile_EveryKey_IsRead()
    {
        var outlier = TestDocuments.Compile(TestDocuments.OfFile("Ours/full.json")).Configuration!.Snapshot.Pools["app"].Outlier;

        Assert.Equal(
            new OutlierDefinition
            {
                Interval = TimeSpan.FromSeconds(5),
                ConsecutiveFailures = 7,
                BaseEjection = TimeSpan.FromSeconds(30),
                MaxEjection = TimeSpan.FromMinutes(10),
                MaxEjectionPercent = 20,
                SuccessRateMinimumHosts = 3,
                SuccessRateRequestVolume = 50,
                SuccessRateStdevFactor = 2.5,
                FailurePercentThreshold = 85,
                FailurePercentMinimumHosts = 2,
                FailurePercentRequestVolume = 20,
                DegradedLatencyFactor = 3.5,
            },
            outlier);
    }

    [Fact]
    public void Compile_PolicyAlone_HasTheDefaults() => Assert.Equal(new OutlierDefinition(), Read(passive: """ "Enabled": true, "Policy": "clusteroutlier" """));

    [Fact]
    public void Compile_ReactivationPeriod_IsTheLengthOfAFirstEjection()
    {
        const string passive = """ "Enabled": true, "Policy": "ClusterOutlier", "ReactivationPeriod": "00:10:00" """;

        var outlier = Read(passive)!;

        Assert.Equal(TimeSpan.FromMinutes(10), outlier.BaseEjection);
        Assert.Equal(TimeSpan.FromMinutes(10), outlier.MaxEjection);
        Assert.Equal(TimeSpan.FromSeconds(7), Read(passive, """ "BaseEjection": "00:00:07" """)!.BaseEjection);
    }

    [Theory]
    [InlineData(""" "Enabled": false, "Policy": "ClusterOutlier" """)]
    [InlineData(""" "Enabled": true, "Policy": "TransportFailureRate" """)]
    public void Compile_WithoutThePolicy_NobodyIsEjectedAndTheSettingsAreWarnedOf(string passive)
    {
        var result = Compile(passive, """ "ConsecutiveFailures": 3 """);

        Assert.Null(result.Configuration!.Snapshot.Pools["app"].Outlier);
        Assert.Equal(
            new ConfigurationError(Section, "has no effect without HealthCheck:Passive enabled with policy ClusterOutlier"),
            Assert.Single(result.Warnings));
    }

    [Fact]
    public void Compile_SeveralMistakes_AreReportedTogether() => Assert.Equal(
        [$"{Section}:Interval", $"{Section}:MaxEjectionPercent", $"{Section}:SuccessRateStdevFactor", $"{Section}:Unknown"],
        Compile(
            """ "Enabled": true, "Policy": "ClusterOutlier" """,
            """ "Interval": "x", "MaxEjectionPercent": 101, "SuccessRateStdevFactor": -1, "Unknown": 1 """).Errors.Select(static error => error.Path));

    private static OutlierDefinition? Read(string passive, string outlier = "") => Compile(passive, outlier).Configuration!.Snapshot.Pools["app"].Outlier;

    private static CompilationResult Compile(string passive, string outlier) => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Clusters": {
              "app": {
                "HealthCheck": { "Passive": { {{passive}} } },
                "OrleansLb": { "Outlier": { {{outlier}} } },
                "Destinations": { "a": { "Address": "http://10.0.0.1/" } }
              }
            }
          }
        }
        """));
}
