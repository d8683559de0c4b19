using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;

namespace OrleansLb.Configuration;

/// <summary>Collects what is wrong with a document while it is compiled.</summary>
internal sealed class Problems
{
    // Nobody reads more, and what is refused has to fit a message, the status and the log: a file of 100,000 routes can have a mistake in each.
    private const int Most = 1_000;
    private const int LongestPath = 300;

    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    public ImmutableArray<ConfigurationError> Errors => Ordered(_errors);

    public ImmutableArray<ConfigurationError> Warnings => Ordered(_warnings);

    public void Error(string path, string message) => _errors.Add(new ConfigurationError(Shortened(path), message));

    public void Warn(string path, string message) => _warnings.Add(new ConfigurationError(Shortened(path), message));

    private static string Shortened(string path) => path.Length <= LongestPath ? path : path[..LongestPath] + "...";

    private static ImmutableArray<ConfigurationError> Ordered(List<ConfigurationError> problems)
    {
        ConfigurationError[] ordered =
            [.. problems.Distinct().OrderBy(static problem => problem.Path, ConfigurationKeyComparer.Instance).ThenBy(static problem => problem.Message, StringComparer.Ordinal)];
        return ordered.Length <= Most ? [.. ordered] : [.. ordered.AsSpan(0, Most), new ConfigurationError("", $"{ordered.Length - Most} more like these")];
    }
}
