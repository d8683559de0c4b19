using System.Diagnostics;

namespace OrleansLb.Process.Tests.Networks;

/// <summary>One command of the system that is over soon.</summary>
internal static class SystemCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Runs it to its end and returns what it said.</summary>
    /// <param name="file">The command.</param>
    /// <param name="arguments">Its arguments, separated by single spaces.</param>
    /// <exception cref="InvalidOperationException">It is missing, failed, or did not end.</exception>
    public static async Task<string> Run(string file, string arguments)
    {
        var start = new ProcessStartInfo(file, arguments.Split(' ')) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = System.Diagnostics.Process.Start(start)!;
        using var timeout = new CancellationTokenSource(Limit);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(timeout.Token), process.StandardError.ReadToEndAsync(timeout.Token));
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode == 0
            ? await said
            : throw new InvalidOperationException($"'{file} {arguments}' ended with {process.ExitCode}: {(await complained).Trim()}");
    }
}
