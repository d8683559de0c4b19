using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Shapes;

/// <summary>One value.</summary>
/// <param name="fault">Says what is wrong with a value, or nothing.</param>
/// <param name="required">Whether the value may not be null.</param>
internal sealed class ValueShape(Func<string, string?> fault, bool required = false) : Shape
{
    public override bool Scan(SettingsNode node, Problems problems)
    {
        if (node.HasChildren)
        {
            problems.Error(node.Path, "must be one value, not an object or a list");
            return false;
        }

        var message = node.Value is not null ? fault(node.Value) : required ? "must have a value" : null;
        if (message is null)
            return true;
        problems.Error(node.Path, message);
        return false;
    }
}
