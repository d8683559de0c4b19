using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Commands;

/// <summary>Commands of the tree that are shell scripts.</summary>
internal static class ShellCommand
{
    /// <summary>Starts one.</summary>
    /// <param name="path">Its path in the tree.</param>
    /// <param name="environment">What is added to its environment.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProductProcess Start(string path, IReadOnlyDictionary<string, string>? environment = null, params string[] arguments) =>
        new(path, "/bin/bash", [Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), path), .. arguments], environment);

    private static string Root(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "OrleansLb.sln")) ? folder.FullName : Root(folder.Parent!);
}
