using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Shapes;

/// <summary>An object with keys that the user chooses, or a list; all of its items have one shape.</summary>
internal sealed class MapShape(Shape item) : Shape
{
    public override bool Scan(SettingsNode node, Problems problems)
    {
        if (!string.IsNullOrEmpty(node.Value))
            problems.Warn(node.Path, $"must be an object or a list; the value {Quote.Value(node.Value)} is ignored");
        foreach (var child in node.Children)
            if (!item.Scan(child, problems))
                node.Remove(child);
        return true;
    }
}
