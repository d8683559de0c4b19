using System.Globalization;

namespace OrleansLb.BenchProcesses;

/// <summary>What the kernel accounts for a process: the line of <c>/proc/PID/stat</c>, see proc(5).</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Name of its executable, up to 15 characters of any kind.</param>
/// <param name="State">What it does: <c>Z</c> when it has ended and nobody has asked how.</param>
/// <param name="Parent">Id of the process that started it.</param>
/// <param name="ProcessorTime">Processor time of all its threads, those that ended too, in user and kernel mode.</param>
/// <param name="EndedChildren">The same of processes that it started and that have ended, and of theirs.</param>
public sealed record ProcessStat(int Id, string Name, char State, int Parent, TimeSpan ProcessorTime, TimeSpan EndedChildren)
{
    // Ticks of user space: 100 a second on every architecture of Linux, whatever the kernel itself ticks with.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Reads the line.</summary>
    /// <param name="line">The whole line.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static ProcessStat Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        // A name may contain blanks and brackets itself, so it ends at the last bracket.
        var (open, close) = (line.IndexOf('(', StringComparison.Ordinal), line.LastIndexOf(')'));
        if (open < 0 || close < open)
            throw new FormatException($"This is no line of /proc/PID/stat: {line}");
        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 15)
            throw new FormatException($"A line of /proc/PID/stat ends after {fields.Length + 2} fields: {line}");
        return new ProcessStat(
            int.Parse(line.AsSpan(0, open), CultureInfo.InvariantCulture),
            line[(open + 1)..close],
            fields[0][0],
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            Time(fields[11], fields[12]),
            Time(fields[13], fields[14]));
    }

    private static TimeSpan Time(string user, string kernel) => (long.Parse(user, CultureInfo.InvariantCulture) + long.Parse(kernel, CultureInfo.InvariantCulture)) * Tick;
}
