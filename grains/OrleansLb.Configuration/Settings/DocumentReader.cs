using OrleansLb.Configuration.Shapes;

namespace OrleansLb.Configuration.Settings;

/// <summary>Makes the tree of a document and takes out of it, with an error each, all that no parser could read.</summary>
internal static class DocumentReader
{
    public static SettingsNode Read(SettingsDocument document, Problems problems)
    {
        for (var index = 1; index < document.Settings.Length; index++)
            if (document.Settings[index].Key == document.Settings[index - 1].Key)
                problems.Error(document.Settings[index].Key, "is given twice");
        var root = SettingsTree.Build(document.Settings, (node, spelling) =>
            problems.Error(node.Path, $"is also spelt {Quote.Value(spelling)}; names that differ only by case are the same name"));
        DocumentShape.Root.Scan(root, problems);
        return root;
    }
}
