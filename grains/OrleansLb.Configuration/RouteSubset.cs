using System.Collections.Immutable;

namespace OrleansLb.Configuration;

/// <summary>Which of a cluster's destinations a route wants: those whose metadata has all of some values. Written into one entry of the route's metadata.</summary>
/// <param name="Labels">Names and values, sorted by name.</param>
/// <param name="FallsBack">Whether all destinations come into question when none is wanted.</param>
public sealed record RouteSubset(ImmutableArray<KeyValuePair<string, string>> Labels, bool FallsBack)
{
    private const char Separator = '\n';

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">The entry.</param>
    public static RouteSubset Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(Separator);
        var labels = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        for (var i = 1; i + 1 < parts.Length; i += 2)
            labels.Add(KeyValuePair.Create(parts[i], parts[i + 1]));
        return new RouteSubset(labels.ToImmutable(), bool.Parse(parts[0]));
    }

    /// <summary>Whether a destination is wanted.</summary>
    /// <param name="metadata">Metadata of the destination; <see langword="null"/> for none.</param>
    public bool Matches(IReadOnlyDictionary<string, string>? metadata) =>
        Labels.All(label => metadata is not null && metadata.TryGetValue(label.Key, out var value) && value == label.Value);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(Separator, Labels.SelectMany(static label => new[] { label.Key, label.Value }).Prepend(FallsBack.ToString()));
}
