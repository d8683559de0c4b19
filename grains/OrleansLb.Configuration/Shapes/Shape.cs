using OrleansLb.Configuration.Settings;

namespace OrleansLb.Configuration.Shapes;

/// <summary>What may stand at and below one key. Scanning reports what may not, and takes it out of the tree so that the rest compiles.</summary>
internal abstract class Shape
{
    /// <summary>Whether the node may stay.</summary>
    public abstract bool Scan(SettingsNode node, Problems problems);
}
