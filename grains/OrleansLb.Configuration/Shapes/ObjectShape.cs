using System.Collections.Frozen;
using System.Collections.Immutable;
using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Shapes;

/// <summary>An object with known keys.</summary>
/// <param name="strict">Whether other keys are errors (ours) or are ignored with a warning, as YARP ignores them.</param>
/// <param name="properties">The known keys.</param>
internal sealed class ObjectShape(bool strict, params (string Key, Shape Shape)[] properties) : Shape
{
    private readonly ImmutableArray<string> _keys = [.. properties.Select(static property => property.Key)];

    private readonly FrozenDictionary<string, Shape> _properties =
        properties.ToFrozenDictionary(static property => property.Key, static property => property.Shape, StringComparer.OrdinalIgnoreCase);

    public override bool Scan(SettingsNode node, Problems problems)
    {
        if (!string.IsNullOrEmpty(node.Value))
            Report(node, $"must be an object, not {Quote.Value(node.Value)}", problems);
        foreach (var child in node.Children)
        {
            if (!_properties.TryGetValue(child.Key, out var shape))
                Report(child, UnknownKey(child.Key), problems);
            else if (!shape.Scan(child, problems))
                node.Remove(child);
        }

        return true;
    }

    private void Report(SettingsNode node, string message, Problems problems)
    {
        if (strict)
            problems.Error(node.Path, message);
        else
            problems.Warn(node.Path, message + " (ignored)");
    }

    private string UnknownKey(string key) =>
        _keys.IsEmpty ? "unknown key; this version knows none here" : "unknown key; " + Quote.Suggest(key, _keys);
}
