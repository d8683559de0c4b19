using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Shapes;

/// <summary>
/// A list of at least one item. What looks like a list and is none would be an empty one, and an empty list of those who may come in is
/// read as nobody by some and as everybody by others.
/// </summary>
/// <param name="item">What each of them is.</param>
internal sealed class ListShape(Shape item) : Shape
{
    public override bool Scan(SettingsNode node, Problems problems)
    {
        if (!node.HasChildren)
        {
            problems.Error(node.Path, string.IsNullOrEmpty(node.Value) ? "must name at least one; leave it out for none" : $"must be a list, not {Quote.Value(node.Value)}");
            return false;
        }

        foreach (var child in node.Children)
        {
            if (!item.Scan(child, problems))
                node.Remove(child);
        }

        return true;
    }
}
