using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OrleansLb.Conventions.Tests.Deployment;

/// <summary>One service of the compose file.</summary>
internal sealed partial class ComposeService(IReadOnlyDictionary<object, object> yaml)
{
    public string? Dockerfile => yaml.TryGetValue("build", out var build) ? (string)((Dictionary<object, object>)build)["dockerfile"] : null;

    public IReadOnlyList<string> Command => Texts("command");

    public IReadOnlyList<string> HealthCommand => [.. ((List<object>)((Dictionary<object, object>)yaml["healthcheck"])["test"]).Cast<string>()];

    public IReadOnlyDictionary<string, string> Environment => yaml.TryGetValue("environment", out var environment)
        ? ((Dictionary<object, object>)environment).ToDictionary(static variable => (string)variable.Key, static variable => (string)variable.Value)
        : new Dictionary<string, string>();

    public IEnumerable<string> Volumes => Texts("volumes");

    /// <summary>Where files of the compose file's own are inside.</summary>
    public IEnumerable<string> ConfigTargets => yaml.TryGetValue("configs", out var configs) ? ((List<object>)configs).Select(static config => (string)((Dictionary<object, object>)config)["target"]) : [];

    /// <summary>Published ports: outside and inside.</summary>
    public IEnumerable<(string Address, int Outside, int Inside)> Ports => Texts("ports").Select(static port => port.Split(':'))
        .Select(static parts => (parts[0], int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture)));

    /// <summary>Ports that the process inside listens on, by its settings or arguments.</summary>
    public IEnumerable<int> ListeningPorts => Environment.Where(static variable => variable.Key.EndsWith("__Url", StringComparison.Ordinal) || variable.Key.EndsWith("__Urls", StringComparison.Ordinal))
        .Select(static variable => int.Parse(variable.Value[(variable.Value.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture))
        .Concat(Command.SkipWhile(static word => word != "--port").Skip(1).Take(1).Select(static port => int.Parse(port, CultureInfo.InvariantCulture)));

    /// <summary>The program that the image starts, read from its Dockerfile.</summary>
    public string EntryPoint => JsonSerializer.Deserialize<string[]>(EntryPointLine().Match(SourceTree.Read(Dockerfile!)).Groups["words"].Value)!.Single();

    private IReadOnlyList<string> Texts(string key) => yaml.TryGetValue(key, out var value) ? [.. ((List<object>)value).Cast<string>()] : [];

    [GeneratedRegex(@"^ENTRYPOINT (?<words>\[.*\])$", RegexOptions.Multiline)]
    private static partial Regex EntryPointLine();
}
