using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace OrleansLb.BenchProcesses;

/// <summary>What figures were measured on.</summary>
public static partial class Machine
{
    /// <summary>Processor, memory, kernel and runtime, in one line.</summary>
    public static string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} processors ({Field("/proc/cpuinfo", "model name")}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, Linux {Environment.OSVersion.Version}, {RuntimeInformation.FrameworkDescription}");

    /// <summary>The version that a program says it is of.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">What to ask it with.</param>
    public static async Task<string> VersionOf(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        // nginx says it where errors go.
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return Version(string.Concat(said));
    }

    /// <summary>The first version in a text, as <c>1.22.1</c>; the text itself without one.</summary>
    /// <param name="text">The text.</param>
    public static string Version(string text) => VersionNumber().Match(text) is { Success: true } match ? match.Value : text.Trim();

    /// <summary>Whether a program is on the path.</summary>
    /// <param name="program">Its name.</param>
    public static bool Has(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string Field(string file, string name) => File.ReadLines(file)
        .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    [GeneratedRegex(@"\d+(?:\.\d+)+")]
    private static partial Regex VersionNumber();
}
