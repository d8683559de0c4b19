using System.Diagnostics;

namespace OrleansLb.Conventions.Tests.Deployment;

/// <summary>One line of what <c>deploy/dev/cluster --plan</c> would run.</summary>
internal sealed record PlannedProcess(string Name, string Executable, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    private const string VariablePrefix = "OrleansLb__";

    /// <summary>Asks the script itself, so that the test compares with what would happen.</summary>
    public static async Task<IReadOnlyList<PlannedProcess>> ReadAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(SourceTree.Root, "deploy/dev/cluster"), "--plan"]) { RedirectStandardOutput = true };
        using var script = Process.Start(start)!;
        var plan = await script.StandardOutput.ReadToEndAsync(cancellationToken);
        await script.WaitForExitAsync(cancellationToken);
        Assert.Equal(0, script.ExitCode);
        return [.. plan.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    /// <summary>Ports that the process serves people and machines outside the cluster on.</summary>
    public IEnumerable<int> PublicPorts => Environment.Where(static variable => variable.Key.EndsWith("__Url", StringComparison.Ordinal) || variable.Key.EndsWith("__Urls", StringComparison.Ordinal))
        .Select(static variable => new Uri(variable.Value).Port);

    private static PlannedProcess Parse(string line)
    {
        var words = line.Split(' ');
        var environment = words.Skip(2).Where(IsVariable).Select(static word => word.Split('=', 2)).ToDictionary(static parts => parts[0], static parts => parts[1]);
        return new PlannedProcess(words[0], words[1], [.. words.Skip(2).Where(static word => !IsVariable(word))], environment);
    }

    private static bool IsVariable(string word) => word.StartsWith(VariablePrefix, StringComparison.Ordinal) && word.Contains('=', StringComparison.Ordinal);
}
