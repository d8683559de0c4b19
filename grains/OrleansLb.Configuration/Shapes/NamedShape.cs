using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Shapes;

/// <summary>What has a name that the user chooses, of some letters only.</summary>
/// <param name="fault">Says what is wrong with a name, or nothing.</param>
/// <param name="item">What it is apart from its name.</param>
internal sealed class NamedShape(Func<string, string?> fault, Shape item) : Shape
{
    public override bool Scan(SettingsNode node, Problems problems)
    {
        if (fault(node.Key) is not { } message)
            return item.Scan(node, problems);
        problems.Error(node.Path, message);
        return false;
    }
}
