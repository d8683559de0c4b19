namespace OrleansLb.Configuration.Settings;

/// <summary>Makes a tree of flat settings and flat settings of a tree.</summary>
internal static class SettingsTree
{
    /// <summary>
    /// Levels of a tree. JSON nests no deeper, but one name may hold any number of colons: whatever goes down level by level would run out of
    /// stack, and the paths of all levels together out of memory. Below the last level a path is one name, colons and all.
    /// </summary>
    public const int MostLevels = 64;

    /// <summary>Builds the tree.</summary>
    /// <param name="settings">Full key paths and their values.</param>
    /// <param name="onSpellingClash">Told of every key that differs from an earlier one by case only: the earlier node, the later spelling.</param>
    public static SettingsNode Build(
        IEnumerable<KeyValuePair<string, string?>> settings,
        Action<SettingsNode, string>? onSpellingClash = null)
    {
        var root = SettingsNode.CreateRoot();
        foreach (var (path, value) in settings)
            Add(root, path, onSpellingClash).Value = value;
        return root;
    }

    /// <summary>The settings at and below a node: every value, and every key that ends a path even without one.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Flatten(SettingsNode node, string path)
    {
        if (node.Value is not null || !node.HasChildren)
            yield return new(path, node.Value);
        foreach (var child in node.Children)
            foreach (var setting in Flatten(child, path + ":" + child.Key))
                yield return setting;
    }

    private static SettingsNode Add(SettingsNode root, string path, Action<SettingsNode, string>? onSpellingClash)
    {
        var node = root;
        var level = 0;
        foreach (var range in path.AsSpan().Split(':'))
        {
            var isLast = ++level == MostLevels;
            var segment = isLast ? path.AsSpan(range.Start.Value) : path.AsSpan(range);
            node = node.GetOrAdd(segment);
            if (onSpellingClash is not null && !segment.SequenceEqual(node.Key))
                onSpellingClash(node, segment.ToString());
            if (isLast)
                break;
        }

        return node;
    }
}
