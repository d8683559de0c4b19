using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Configuration.Settings;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Configuration.Pools;

/// <summary>Reads what a probe asks. Single values were checked before; here is what they must be together.</summary>
/// <param name="problems">Where mistakes go.</param>
internal sealed class ProbeReader(Problems problems)
{
    private const string Type = "Type";
    private const string Script = "Script";
    private const int MostSteps = 32;

    private static readonly FrozenDictionary<ProbeType, string[]> KeysOf = new Dictionary<ProbeType, string[]>
    {
        [ProbeType.Http] =
        [
            nameof(HttpProbeDefinition.Method), nameof(HttpProbeDefinition.Path), nameof(HttpProbeDefinition.Query), nameof(HttpProbeDefinition.Host),
            nameof(HttpProbeDefinition.Headers), nameof(HttpProbeDefinition.ExpectedStatus), nameof(HttpProbeDefinition.BodyContains),
        ],
        [ProbeType.Tcp] = [],
        [ProbeType.Grpc] = [nameof(GrpcProbeDefinition.Service), nameof(GrpcProbeDefinition.Host), nameof(GrpcProbeDefinition.Headers)],
        [ProbeType.Script] = [Script],
    }.ToFrozenDictionary();

    /// <summary>Headers that say how the request travels, or what its body is, which it has not.</summary>
    private static readonly FrozenSet<string> ReservedHeaders = new[]
    {
        "Allow", "Connection", "Expect", "Expires", "Keep-Alive", "Last-Modified", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a probe.</summary>
    /// <param name="section">The keys; <see langword="null"/> when there are none.</param>
    /// <param name="path">Path of an HTTP probe.</param>
    /// <param name="query">Query of an HTTP probe.</param>
    public ProbeDefinition Read(SettingsNode? section, string path, string query)
    {
        var type = section.Choice<ProbeType>(Type) ?? ProbeType.Http;
        if (section is not null && !section.WasRemoved(Type))
            CheckKeysOf(type, section);
        var port = section.Whole(nameof(ProbeDefinition.Port));
        return type switch
        {
            ProbeType.Tcp => new TcpProbeDefinition { Port = port },
            ProbeType.Grpc => new GrpcProbeDefinition
            {
                Port = port,
                Service = section.Text(nameof(GrpcProbeDefinition.Service)) ?? "",
                Host = section.Text(nameof(GrpcProbeDefinition.Host)),
                Headers = Headers(section),
            },
            ProbeType.Script => new ScriptProbeDefinition { Port = port, Steps = Steps(section!) },
            _ => Http(section, path, query) with { Port = port },
        };
    }

    private HttpProbeDefinition Http(SettingsNode? section, string path, string query)
    {
        var method = section.Text(nameof(HttpProbeDefinition.Method))?.ToUpperInvariant() ?? "GET";
        var contains = section.Text(nameof(HttpProbeDefinition.BodyContains));
        if (method == "HEAD" && contains is not null)
            problems.Error($"{section!.Path}:{nameof(HttpProbeDefinition.BodyContains)}", "no answer to HEAD has a body");
        return new HttpProbeDefinition
        {
            Method = method,
            Path = path,
            Query = query,
            Host = section.Text(nameof(HttpProbeDefinition.Host)),
            Headers = Headers(section),
            ExpectedStatus = section.Text(nameof(HttpProbeDefinition.ExpectedStatus)) is { } text && HttpStatusSet.TryParse(text, out var statuses)
                ? statuses
                : HttpStatusSet.Successful,
            BodyContains = contains,
        };
    }

    private void CheckKeysOf(ProbeType type, SettingsNode section)
    {
        foreach (var key in KeysOf.Values.SelectMany(static keys => keys).Distinct().Except(KeysOf[type]))
            if (section.Child(key) is { } misplaced)
                problems.Error(misplaced.Path, $"does not apply to Type {type}");
    }

    private ImmutableArray<ProbeHeader> Headers(SettingsNode? section)
    {
        var headers = ImmutableArray.CreateBuilder<ProbeHeader>();
        foreach (var header in section?.Child(nameof(HttpProbeDefinition.Headers))?.Children ?? [])
        {
            if (NameFault(header.Key) is { } fault)
                problems.Error(header.Path, fault);
            else
                headers.Add(new ProbeHeader(header.Key, header.Value!));
        }

        return headers.ToImmutable();
    }

    private static string? NameFault(string name) =>
        !HeaderName.IsValid(name) ? $"{Quote.Value(name)} is not the name of a header"
        : name.Equals("Host", StringComparison.OrdinalIgnoreCase) ? "is given by the key Host"
        : ReservedHeaders.Contains(name) || name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase)
            ? "is a header that the probe sets itself or has no use for"
        : null;

    private ImmutableArray<ScriptStep> Steps(SettingsNode section)
    {
        var path = $"{section.Path}:{Script}";
        var nodes = section.Child(Script)?.Children ?? [];
        if (nodes.Count == 0)
            problems.Error(path, $"Type {nameof(ProbeType.Script)} needs at least one step");
        if (nodes.Count > MostSteps)
            problems.Error(path, $"has {nodes.Count} steps; at most {MostSteps} are allowed");
        return [.. nodes.SelectMany(Steps)];

        IEnumerable<ScriptStep> Steps(SettingsNode node)
        {
            var steps = Enum.GetValues<ScriptStepKind>().Where(kind => node.Child($"{kind}") is not null).Select(kind => new ScriptStep(kind, node.Text($"{kind}")!)).ToList();
            var isFaulty = Enum.GetNames<ScriptStepKind>().Any(node.WasRemoved);
            if (steps.Count != 1 && !isFaulty)
                problems.Error(node.Path, $"a step has exactly one of {Quote.Names(Enum.GetNames<ScriptStepKind>())}");
            return steps;
        }
    }
}
