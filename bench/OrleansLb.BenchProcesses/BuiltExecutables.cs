namespace OrleansLb.BenchProcesses;

/// <summary>Where the same build put the other executables.</summary>
public static class BuiltExecutables
{
    /// <summary>The path of one.</summary>
    /// <param name="project">Its project.</param>
    /// <exception cref="BenchException">It was not built.</exception>
    public static string Find(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project);
        return File.Exists(path) ? path : throw new BenchException($"{project} has not been built for {own.Name}.");
    }
}
