using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Shapes;

/// <summary>A key that is known but refused.</summary>
internal sealed class RefusedShape(string message) : Shape
{
    public override bool Scan(SettingsNode node, Problems problems)
    {
        problems.Error(node.Path, message);
        return false;
    }
}
