using System.Globalization;

namespace OrleansLb.BenchProcesses;

/// <summary>A process and those that it started, as servers with workers have them.</summary>
public static class ProcessFamily
{
    /// <summary>The family as it is now.</summary>
    /// <param name="id">Id of the first process.</param>
    public static IReadOnlyList<ProcessStat> Of(int id) => Of(id, Everybody());

    /// <summary>All processes of the machine as they are now.</summary>
    public static IReadOnlyList<ProcessStat> Everybody() => [.. Directory.EnumerateDirectories("/proc")
        .Select(static folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? TryRead(id) : null)
        .OfType<ProcessStat>()];

    /// <summary>The family among all processes.</summary>
    /// <param name="id">Id of the first process.</param>
    /// <param name="everybody">All processes, in any order.</param>
    public static IReadOnlyList<ProcessStat> Of(int id, IReadOnlyList<ProcessStat> everybody)
    {
        ArgumentNullException.ThrowIfNull(everybody);
        var children = everybody.ToLookup(static process => process.Parent);
        var family = everybody.Where(process => process.Id == id).ToList();
        for (var i = 0; i < family.Count; i++)
            family.AddRange(children[family[i].Id]);
        return family;
    }

    private static ProcessStat? TryRead(int id)
    {
        try
        {
            return ProcessStat.Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat")));
        }
        catch (IOException)
        {
            // It ended between the listing and the look.
            return null;
        }
    }
}
