using System.Globalization;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>Processor time of a process, as the kernel accounts for its threads.</summary>
internal static class ThreadTimes
{
    // Fields of /proc/PID/task/TID/stat behind the name in brackets.
    private const int UserTime = 11;
    private const int SystemTime = 12;

    /// <summary>Ticks of all living threads of each name.</summary>
    public static Dictionary<string, long> Of(int process)
    {
        var times = new Dictionary<string, long>();
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            if (ReadUnlessGone(Path.Combine(thread, "stat")) is not { } line)
                continue;
            var (nameStart, nameEnd) = (line.IndexOf('(', StringComparison.Ordinal) + 1, line.LastIndexOf(')'));
            var fields = line[(nameEnd + 2)..].Split(' ');
            var name = line[nameStart..nameEnd];
            times[name] = times.GetValueOrDefault(name) + Ticks(fields[UserTime]) + Ticks(fields[SystemTime]);
        }

        return times;
    }

    private static string? ReadUnlessGone(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private static long Ticks(string field) => long.Parse(field, CultureInfo.InvariantCulture);
}
