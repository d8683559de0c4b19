using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Tests;

public sealed class AgentSettingsTests
{
    [Fact]
    public void Compile_EveryKey_IsRead()
    {
        var pool = TestDocuments.Compile(TestDocuments.OfFile("Ours/full.json")).Configuration!.Snapshot.Pools["app"];

        Assert.Equal(
            new AgentDefinition { Port = 9707, Interval = TimeSpan.FromSeconds(5), Timeout = TimeSpan.FromSeconds(0.5), Send = "app\\r\\n" },
            pool.Agent);
        Assert.Equal([new Uri("tcp://agents.test:9708"), new Uri("tcp://169.254.10.9:9707")], pool.Backends.Select(static backend => backend.AgentAddress));
    }

    [Fact]
    public void Compile_PortAlone_HasTheDefaultsAndTheHostOfTheProbes()
    {
        var pool = Compile(""" "OrleansLb": { "Agent": { "Port": 7 } } """).Configuration!.Snapshot.Pools["app"];

        Assert.Equal(new AgentDefinition { Port = 7, Interval = TimeSpan.FromSeconds(2), Timeout = TimeSpan.FromSeconds(1), Send = "" }, pool.Agent);
        Assert.Equal([new Uri("tcp://10.0.0.9:7"), new Uri("tcp://[fd00::1]:7")], pool.Backends.Select(static backend => backend.AgentAddress));
    }

    [Fact]
    public void Compile_NoAgent_HasNone()
    {
        var pool = Compile(""" "LoadBalancingPolicy": "RoundRobin" """).Configuration!.Snapshot.Pools["app"];

        Assert.Null(pool.Agent);
        Assert.All(pool.Backends, static backend => Assert.Null(backend.AgentAddress));
    }

    [Fact]
    public void Compile_PolicyThatIgnoresTheAgents_IsRefused()
    {
        var error = Assert.Single(Compile(""" "HealthCheck": { "AvailableDestinationsPolicy": "HealthyOrPanic" }, "OrleansLb": { "Agent": { "Port": 7 } } """).Errors);

        Assert.Equal("ReverseProxy:Clusters:app:HealthCheck:AvailableDestinationsPolicy", error.Path);
    }

    private static CompilationResult Compile(string cluster) => TestDocuments.Compile(TestDocuments.OfJson($$"""
        {
          "ReverseProxy": {
            "Clusters": {
              "app": {
                {{cluster}},
                "Destinations": { "a": { "Address": "http://10.0.0.1/", "Health": "http://10.0.0.9:81/" }, "b": { "Address": "http://[fd00::1]/" } }
              }
            }
          }
        }
        """));
}
