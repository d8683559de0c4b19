using System.Text.Json.Nodes;

namespace OrleansLb.Chaos.Verdicts;

/// <summary>What a cluster with one pool is when nothing is wrong with it, as any of its silos must tell.</summary>
/// <param name="Silos">Names of its silos.</param>
/// <param name="Frontends">Names of its front-ends.</param>
/// <param name="Backends">Names of its backends.</param>
public sealed record WholeCluster(IReadOnlyList<string> Silos, IReadOnlyList<string> Frontends, IReadOnlyList<string> Backends)
{
    /// <summary>What of it is missing in a status document; empty when nothing is.</summary>
    /// <param name="status">The document.</param>
    /// <param name="version">The newest version of the configuration that was ever acknowledged, or must be.</param>
    public string Missing(JsonNode status, long version)
    {
        ArgumentNullException.ThrowIfNull(status);
        var known = status["version"]!.GetValue<long>();
        if (known < version)
            return $"version {known} of the configuration is in force and not {version}";
        var silos = status["silos"]!.AsArray().Where(static silo => Text(silo!["status"]) == "Active").Select(static silo => Text(silo!["name"])).ToArray();
        if (silos.Length != Silos.Count || Silos.Except(silos).Any())
            return $"the silos are {Listed(silos)}";
        var frontends = status["frontends"]!.AsArray();
        if (frontends.Count != Frontends.Count || Frontends.Except(frontends.Select(static frontend => Text(frontend!["id"]))).Any())
            return $"the front-ends are {Listed(frontends.Select(static frontend => Text(frontend!["id"])))}";
        if (frontends.FirstOrDefault(frontend => frontend!["version"]!.GetValue<long>() != known) is { } behind)
            return $"{Text(behind["id"])} serves version {behind["version"]} of the configuration and not {known}";
        return MissingIn(status["pools"]!.AsArray());
    }

    private string MissingIn(JsonArray pools)
    {
        if (pools.Count != 1)
            return $"there are {pools.Count} pools";
        var pool = pools[0]!;
        var heard = pool["frontends"]!.AsArray().Select(static frontend => Text(frontend)).ToArray();
        if (!pool["complete"]!.GetValue<bool>() || Frontends.Except(heard).Any())
            return $"the pool has heard of {Listed(heard)} only";
        foreach (var name in Backends)
        {
            var backend = pool["backends"]!.AsArray().FirstOrDefault(backend => Text(backend!["id"]) == name);
            if (Text(backend?["state"]) is var state && state != "Up")
                return $"{name} is {(state.Length == 0 ? "unknown" : state)}";
            if (!AddsUp(backend!))
                return $"the counts of {name} are not the sum of the front-ends'";
        }

        return "";
    }

    private static bool AddsUp(JsonNode backend) =>
        backend["byFrontend"]!.AsObject().Sum(static frontend => frontend.Value!["requests"]!.GetValue<int>()) == backend["inFlight"]!["requests"]!.GetValue<int>();

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal).DefaultIfEmpty("none"));
}
