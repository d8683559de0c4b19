using Microsoft.Extensions.Hosting;
using OrleansLb.Hosting.Lifetime;

namespace OrleansLb.Hosting.CommandLine;

/// <summary>The outermost frame of an executable: command line in, exit code out, and never a stack trace in between.</summary>
public static class ProcessRunner
{
    /// <summary>Runs the executable.</summary>
    /// <param name="arguments">Arguments of the process.</param>
    /// <param name="description">What the executable says about itself.</param>
    /// <param name="build">
    /// Builds the host. Whatever it, or the start of the host, throws is shown on standard error, one line for each reason, and ends in
    /// <see cref="ExitCodes.Failure"/>; throw <see cref="StartupException"/> for reasons the operator can act on.
    /// </param>
    /// <returns>The exit code: see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, ProcessDescription description, Func<ProcessStart, IHost> build)
    {
        try
        {
            var commandLine = new ProcessCommandLine(description, start => HostRunner.RunAsync(build(start)));
            return await commandLine.InvokeAsync(arguments, Console.Out, Console.Error);
        }
        catch (Exception exception)
        {
            StartupFailure.Write(Console.Error, description.Name, exception);
            return ExitCodes.Failure;
        }
    }
}
