using System.Globalization;

namespace OrleansLb.BenchProcesses;

/// <summary>Memory that a process has in use: its proportional set, in which a page that several processes share counts in parts.</summary>
public static class ProcessMemory
{
    private const string Line = "Pss:";

    /// <summary>Bytes of a process.</summary>
    /// <param name="id">Its id.</param>
    public static long Of(int id) => Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/smaps_rollup")));

    /// <summary>Reads <c>/proc/PID/smaps_rollup</c>.</summary>
    /// <param name="text">The file.</param>
    /// <returns>Bytes.</returns>
    /// <exception cref="FormatException">It has no such line.</exception>
    public static long Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = text.Split('\n').FirstOrDefault(static line => line.StartsWith(Line, StringComparison.Ordinal)) ?? throw new FormatException($"There is no line {Line}");
        return 1024 * long.Parse(line[Line.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
