using System.Text.Json.Nodes;
using OrleansLb.Chaos.Verdicts;

namespace OrleansLb.Simulation.Tests.Chaos;

/// <summary>What a status document must say before a cluster counts as whole.</summary>
public sealed class WholeClusterTests
{
    private const string Status = """
        {
          "version": 3,
          "silos": [ { "name": "silo-1", "status": "Active" }, { "name": "silo-2", "status": "Active" } ],
          "frontends": [ { "id": "fe-1", "version": 3 }, { "id": "fe-2", "version": 3 } ],
          "pools": [ { "id": "app", "complete": true, "frontends": [ "fe-1", "fe-2" ], "backends": [
            { "id": "b1", "state": "Up", "inFlight": { "requests": 3 }, "byFrontend": { "fe-1": { "requests": 1 }, "fe-2": { "requests": 2 } } } ] } ]
        }
        """;

    private static readonly WholeCluster Cluster = new(["silo-1", "silo-2"], ["fe-1", "fe-2"], ["b1"]);

    [Fact]
    public void Missing_WholeCluster_IsNothing() => Assert.Equal("", Cluster.Missing(JsonNode.Parse(Status)!, version: 3));

    [Fact]
    public void Missing_ConfigurationThatWasAcknowledged_IsSaid() =>
        Assert.Equal("version 3 of the configuration is in force and not 4", Cluster.Missing(JsonNode.Parse(Status)!, version: 4));

    [Theory]
    [InlineData("\"name\": \"silo-2\", \"status\": \"Active\"", "\"name\": \"silo-2\", \"status\": \"Dead\"", "the silos are silo-1")]
    [InlineData("\"name\": \"silo-2\"", "\"name\": \"silo-3\"", "the silos are silo-1, silo-3")]
    [InlineData("\"id\": \"fe-2\"", "\"id\": \"fe-3\"", "the front-ends are fe-1, fe-3")]
    [InlineData("\"id\": \"fe-2\", \"version\": 3", "\"id\": \"fe-2\", \"version\": 2", "fe-2 serves version 2 of the configuration and not 3")]
    [InlineData("\"complete\": true", "\"complete\": false", "the pool has heard of fe-1, fe-2 only")]
    [InlineData("[ \"fe-1\", \"fe-2\" ]", "[ \"fe-1\" ]", "the pool has heard of fe-1 only")]
    [InlineData("\"state\": \"Up\"", "\"state\": \"Down\"", "b1 is Down")]
    [InlineData("\"id\": \"b1\"", "\"id\": \"b2\"", "b1 is unknown")]
    [InlineData("\"fe-2\": { \"requests\": 2 }", "\"fe-2\": { \"requests\": 1 }", "the counts of b1 are not the sum of the front-ends'")]
    public void Missing_OneThingWrong_IsSaid(string right, string wrong, string missing) =>
        Assert.Equal(missing, Cluster.Missing(JsonNode.Parse(Status.Replace(right, wrong, StringComparison.Ordinal))!, version: 3));
}
