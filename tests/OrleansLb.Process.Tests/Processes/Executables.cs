namespace OrleansLb.Process.Tests.Processes;

/// <summary>Where the executables are: compiled ahead as those of releases are, where the environment says that this was done, and otherwise where the build put them beside the tests.</summary>
internal static class Executables
{
    // Of a run that has just published them. Without it they could be those of last week.
    private const string PrecompiledVariable = "ORLEANSLB_PRECOMPILED";
    private const string PreviousSiloVariable = "ORLEANSLB_PREVIOUS_SILO";

    public static string Silo => FindPrecompiled("OrleansLb.Silo");

    /// <summary>The silo of the version before, when the environment says where it is; otherwise that of this version.</summary>
    public static string PreviousSilo => IsPreviousSiloGiven ? Environment.GetEnvironmentVariable(PreviousSiloVariable)! : Silo;

    public static bool IsPreviousSiloGiven => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(PreviousSiloVariable));

    public static string Standalone => FindPrecompiled("OrleansLb.Standalone");

    public static string Frontend => FindPrecompiled("OrleansLb.Frontend.Host");

    public static string LimitedApi => Find("OrleansLb.Samples.LimitedApi");

    public static string Cart => Find("OrleansLb.Samples.Cart");

    public static string EdgeBench => Find("OrleansLb.EdgeBench");

    public static string ChaosRun => Find("OrleansLb.ChaosRun");

    private static string FindPrecompiled(string project)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(PrecompiledVariable)))
            return Find(project);
        var published = Path.Combine(Own.Parent!.Parent!.Parent!.FullName, "publish", project);
        return Directory.GetFiles(published, project, SearchOption.AllDirectories) is [var path] ? path : throw new FileNotFoundException($"{project} has not been published once.", published);
    }

    private static DirectoryInfo Own { get; } = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));

    private static string Find(string project)
    {
        var path = Path.Combine(Own.Parent!.Parent!.FullName, project, Own.Name, project);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} has not been built for {Own.Name}.", path);
    }
}
