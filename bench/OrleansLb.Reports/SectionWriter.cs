using System.Text;

namespace OrleansLb.Reports;

/// <summary>Writes sections down.</summary>
public static class SectionWriter
{
    /// <summary>A section as Markdown.</summary>
    /// <param name="section">The section.</param>
    /// <param name="picture">File name of its picture; <see langword="null"/> for none.</param>
    public static string ToMarkdown(Section section, string? picture)
    {
        var text = new StringBuilder();
        text.Append("## ").Append(section.Title).Append("\n\n").Append(section.Text.ReplaceLineEndings("\n")).Append("\n\n");
        if (picture is not null)
            text.Append($"![{section.Title}]({picture})\n\n");
        text.Append(section.Table.ToMarkdown()).Append('\n');
        foreach (var miss in section.Misses)
            text.Append("- Missed: ").Append(miss).Append('\n');
        if (section.Misses.Count > 0)
            text.Append('\n');
        return text.ToString();
    }

    /// <summary>Writes the tables as CSV, the pictures as PNG and all of it as Markdown.</summary>
    /// <returns>The files.</returns>
    public static IReadOnlyList<string> WriteFiles(DirectoryInfo folder, string name, IReadOnlyList<Section> sections, string head = "")
    {
        folder.Create();
        var (files, page) = (new List<string>(), new StringBuilder(head));
        for (var i = 0; i < sections.Count; i++)
        {
            var part = sections.Count == 1 ? name : $"{name}-{i + 1}";
            files.Add(Path.Combine(folder.FullName, part + ".csv"));
            File.WriteAllText(files[^1], sections[i].Table.ToCsv());
            var picture = WritePicture(folder, part, sections[i]);
            if (picture is not null)
                files.Add(Path.Combine(folder.FullName, picture));
            page.Append(ToMarkdown(sections[i], picture));
        }

        files.Add(Path.Combine(folder.FullName, name + ".md"));
        File.WriteAllText(files[^1], page.ToString());
        return files;
    }

    /// <summary>Writes a section's picture.</summary>
    /// <returns>Its file name; <see langword="null"/> when it has none.</returns>
    public static string? WritePicture(DirectoryInfo folder, string name, Section section)
    {
        if (section.Picture is null)
            return null;
        File.WriteAllBytes(Path.Combine(folder.FullName, name + ".png"), section.Picture.ToPng());
        return name + ".png";
    }
}
