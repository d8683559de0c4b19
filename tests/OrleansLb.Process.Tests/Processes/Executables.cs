namespace OrleansLb.Process.Tests.Processes;

/// <summary>Where the build put the executables, beside the tests of the same configuration.</summary>
internal static class Executables
{
    private const string PreviousSiloVariable = "ORLEANSLB_PREVIOUS_SILO";

    public static string Silo => Find("OrleansLb.Silo");

    /// <summary>The silo of the version before, when the environment says where it is; otherwise that of this version.</summary>
    public static string PreviousSilo => IsPreviousSiloGiven ? Environment.GetEnvironmentVariable(PreviousSiloVariable)! : Silo;

    public static bool IsPreviousSiloGiven => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(PreviousSiloVariable));

    public static string Standalone => Find("OrleansLb.Standalone");

    public static string Frontend => Find("OrleansLb.Frontend.Host");

    public static string LimitedApi => Find("OrleansLb.Samples.LimitedApi");

    public static string Cart => Find("OrleansLb.Samples.Cart");

    public static string EdgeBench => Find("OrleansLb.EdgeBench");

    public static string ChaosRun => Find("OrleansLb.ChaosRun");

    private static string Find(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, project);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} has not been built for {own.Name}.", path);
    }
}
