using System.Globalization;

namespace OrleansLb.Process.Tests.Processes;

/// <summary>Memory of a process, as the kernel accounts for what of it is in use.</summary>
internal static class ProcessMemory
{
    private const string ForgetPeak = "5";

    /// <summary>What it has, in bytes.</summary>
    public static long Now(int process) => Read(process, "VmRSS:");

    /// <summary>The most that it had, in bytes.</summary>
    public static long Most(int process) => Read(process, "VmHWM:");

    /// <summary>From now on the most is that since now.</summary>
    public static void ForgetMost(int process) => File.WriteAllText($"/proc/{process}/clear_refs", ForgetPeak);

    private static long Read(int process, string name) =>
        1024 * long.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
}
