using System.Globalization;

namespace OrleansLb.BenchProcesses;

/// <summary>Processor time that the whole machine was busy: the first line of <c>/proc/stat</c>, see proc(5). What a benchmark did not use of it, something else did.</summary>
public static class MachineTime
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    /// <summary>Busy time since the machine started, over all processors.</summary>
    public static TimeSpan Busy => Parse(File.ReadLines("/proc/stat").First());

    /// <summary>Reads the line.</summary>
    /// <param name="line"><c>cpu user nice system idle iowait irq softirq steal ...</c>, in ticks.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 9 || fields[0] != "cpu")
            throw new FormatException($"This is not the first line of /proc/stat: {line}");
        // Not idle (4), not waiting for a disk (5); what guests use (9, 10) is in user time already.
        return ((int[])[1, 2, 3, 6, 7, 8]).Sum(i => long.Parse(fields[i], CultureInfo.InvariantCulture)) * Tick;
    }
}
