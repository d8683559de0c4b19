using System.Text.Json.Nodes;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>Reads the parts of the status document that the tests wait for.</summary>
internal static class StatusDocument
{
    public static string? StateOf(this JsonNode status, string pool, string backend) =>
        Backend(status, pool, backend)?["state"]?.GetValue<string>();

    /// <summary>Requests in flight to every backend of a pool, for the whole cluster.</summary>
    public static int RequestsInFlight(this JsonNode status, string pool) =>
        Backends(status, pool).Sum(static backend => backend!["inFlight"]!["requests"]!.GetValue<int>());

    /// <summary>Requests that one front-end has in flight to every backend of a pool.</summary>
    public static int RequestsInFlight(this JsonNode status, string pool, string frontend) =>
        Backends(status, pool).Sum(backend => backend!["byFrontend"]?[frontend]?["requests"]?.GetValue<int>() ?? 0);

    public static int FrontendCount(this JsonNode status) => status["frontends"]!.AsArray().Count;

    private static JsonNode? Backend(JsonNode status, string pool, string backend) =>
        Backends(status, pool).FirstOrDefault(node => node!["id"]!.GetValue<string>() == backend);

    private static JsonArray Backends(JsonNode status, string pool) =>
        status["pools"]?.AsArray().FirstOrDefault(node => node!["id"]!.GetValue<string>() == pool)?["backends"]?.AsArray() ?? [];
}
