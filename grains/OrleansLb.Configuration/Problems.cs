using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;

namespace OrleansLb.Configuration;

/// <summary>Collects what is wrong with a document while it is compiled.</summary>
internal sealed class Problems
{
    private readonly List<ConfigurationError> _errors = [];
    private readonly List<ConfigurationError> _warnings = [];

    public bool HasErrors => _errors.Count > 0;

    public ImmutableArray<ConfigurationError> Errors => Ordered(_errors);

    public ImmutableArray<ConfigurationError> Warnings => Ordered(_warnings);

    public void Error(string path, string message) => _errors.Add(new ConfigurationError(path, message));

    public void Warn(string path, string message) => _warnings.Add(new ConfigurationError(path, message));

    private static ImmutableArray<ConfigurationError> Ordered(List<ConfigurationError> problems) =>
        [.. problems.Distinct().OrderBy(static problem => problem.Path, ConfigurationKeyComparer.Instance).ThenBy(static problem => problem.Message, StringComparer.Ordinal)];
}
