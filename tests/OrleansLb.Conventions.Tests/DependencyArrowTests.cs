namespace OrleansLb.Conventions.Tests;

public sealed class DependencyArrowTests
{
    private const string Core = "OrleansLb.Core";
    private const string Contracts = "OrleansLb.Contracts";
    private const string Configuration = "OrleansLb.Configuration";
    private const string Probes = "OrleansLb.Probes";
    private const string Hosting = "OrleansLb.Hosting";
    private const string Grains = "OrleansLb.Grains";
    private const string Frontend = "OrleansLb.Frontend";

    // Which library may reference which. Executables only compose and may reference any library; tests may reference anything.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        [Core] = [],
        [Contracts] = [],
        [Configuration] = [Core],
        [Probes] = [Core],
        ["OrleansLb.Clustering"] = [Core, Contracts, Configuration, Hosting],
        [Hosting] = [Core, Contracts, Configuration, Probes],
        [Grains] = [Core, Contracts, Configuration, Probes, Hosting],
        ["OrleansLb.Admin"] = [Core, Contracts, Configuration, Hosting],
        [Frontend] = [Core, Contracts, Configuration, Probes, Hosting],
        ["OrleansLb.RateLimiting"] = [Frontend],
        ["OrleansLb.Frontend.Http"] = [Frontend, Core, Contracts, Configuration, Probes, Hosting],
        ["OrleansLb.Frontend.L4"] = [Frontend, Core, Contracts, Configuration, Probes, Hosting],
        ["OrleansLb.Frontend.Dns"] = [Frontend, Core, Contracts, Configuration, Probes, Hosting],
    };

    [Fact]
    public void LibrariesReferenceOnlyWhatTheirLayerAllows()
    {
        foreach (var library in SourceTree.Projects.Where(static project => !project.IsTest && !project.IsExecutable))
        {
            Assert.True(Allowed.TryGetValue(library.Name, out var allowed), $"{library} is new: say in this test which libraries it may reference.");
            Assert.Empty(library.References.Except(allowed));
        }
    }

    [Fact]
    public void NothingOfTheProductReferencesAnExecutableOrATest()
    {
        var forbidden = SourceTree.Projects.Where(static project => project.IsExecutable || project.IsTest).Select(static project => project.Name).ToArray();
        foreach (var project in SourceTree.Projects.Where(static project => !project.IsTest))
            Assert.Empty(project.References.Intersect(forbidden));
    }

    [Fact]
    public void FrontendsNeverReachGrainClasses()
    {
        foreach (var project in SourceTree.Projects.Where(static project => project.Folder.StartsWith("frontends/", StringComparison.Ordinal)))
            Assert.DoesNotContain(Grains, Reach(project.Name));
    }

    [Fact]
    public void CoreAndContractsUseNoServerPackage()
    {
        string[] pure = [Core, Contracts];
        foreach (var project in SourceTree.Projects.Where(project => pure.Contains(project.Name)))
        {
            Assert.DoesNotContain("FrameworkReference", project.File.Text, StringComparison.Ordinal);
            Assert.All(project.PackageReferences, static package =>
                Assert.Contains((string)package.Attribute("Include")!, (string[])["System.IO.Hashing", "Microsoft.Orleans.Sdk"]));
        }

        Assert.DoesNotContain(SourceTree.Projects.Single(static project => project.Name == Core).PackageReferences, static package =>
            ((string)package.Attribute("Include")!).StartsWith("Microsoft.Orleans", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryProjectIsInTheSolutionAndTheSolutionHasNoOther()
    {
        var solution = SourceTree.Read("OrleansLb.sln").Replace('\\', '/');
        Assert.All(SourceTree.Projects, project => Assert.Contains($"\"{project.File.Path}\"", solution, StringComparison.Ordinal));
        Assert.Equal(SourceTree.Projects.Count, solution.Split(".csproj\"").Length - 1);
    }

    private static HashSet<string> Reach(string name)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([name]);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
                SourceTree.Projects.Single(project => project.Name == next).References.ToList().ForEach(open.Push);
        }

        return reached;
    }
}
