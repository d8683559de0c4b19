using System.Buffers;
using System.Text;
using OrleansLb.Configuration.Shapes;

namespace OrleansLb.Configuration.Settings;

/// <summary>Makes the tree of a document and takes out of it, with an error each, all that no parser could read.</summary>
internal static class DocumentReader
{
    public static SettingsNode Read(SettingsDocument document, Problems problems)
    {
        foreach (var (key, value) in document.Settings)
        {
            if (!IsText(key) || !IsText(value))
                problems.Error(key, "holds half a character (an unpaired UTF-16 surrogate)");
            if (key.AsSpan().Count(':') >= SettingsTree.MostLevels)
                problems.Error(key, $"is one of more than {SettingsTree.MostLevels} levels");
        }

        for (var index = 1; index < document.Settings.Length; index++)
            if (document.Settings[index].Key == document.Settings[index - 1].Key)
                problems.Error(document.Settings[index].Key, "is given twice");
        var root = SettingsTree.Build(document.Settings, (node, spelling) =>
            problems.Error(node.Path, $"is also spelt {Quote.Value(spelling)}; names that differ only by case are the same name"));
        DocumentShape.Root.Scan(root, problems);
        return root;
    }

    /// <summary>Half a character would not survive the way to other processes, and their digest would differ.</summary>
    private static bool IsText(string? text)
    {
        var rest = text.AsSpan();
        while (rest.IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and var start)
        {
            if (Rune.DecodeFromUtf16(rest[start..], out _, out var length) != OperationStatus.Done)
                return false;
            rest = rest[(start + length)..];
        }

        return true;
    }
}
