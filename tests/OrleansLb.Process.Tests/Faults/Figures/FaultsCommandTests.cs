using OrleansLb.Process.Tests.Processes;

namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>The command that makes the page, as far as it gets without doing it.</summary>
public sealed class FaultsCommandTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Help_SaysHowItIsUsed_AndEndsWithZero()
    {
        await using var command = Start("--help");
        Assert.Equal(0, await command.WaitForExit(Limit));
        Assert.StartsWith("tests/faults [--rounds N]", command.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tests/faults: --rounds must be 1 to 100, not '0'", "--rounds", "0")]
    [InlineData("tests/faults: --rounds must be 1 to 100, not ''", "--rounds")]
    [InlineData("tests/faults: unknown option '--fast'; see tests/faults --help", "--fast")]
    [InlineData("tests/faults: no tests 'NoSuchTests'; see tests/OrleansLb.Process.Tests/Faults", "NoSuchTests")]
    public async Task WrongUsage_IsSaidInOneLine_AndEndsWithTwo(string said, params string[] arguments)
    {
        await using var command = Start(arguments);
        Assert.Equal(2, await command.WaitForExit(Limit));
        Assert.Equal(said, command.Output.Trim());
    }

    [Fact]
    public async Task NoDotnet_IsSaidInOneLine_AndEndsWithOne()
    {
        var empty = Directory.CreateTempSubdirectory("orleanslb-test-");
        await using var command = new ProductProcess(
            "faults", "/bin/bash", [Script, "--rounds", "1"], new Dictionary<string, string> { ["PATH"] = empty.FullName });
        Assert.Equal(1, await command.WaitForExit(Limit));
        Assert.Equal("tests/faults: dotnet is missing; it is the .NET SDK of global.json", command.Output.Trim());
        empty.Delete();
    }

    private static string Script => Path.Combine(Root(new DirectoryInfo(AppContext.BaseDirectory)), "tests", "faults");

    private static ProductProcess Start(params string[] arguments) => new("faults", "/bin/bash", [Script, .. arguments]);

    private static string Root(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "OrleansLb.sln")) ? folder.FullName : Root(folder.Parent!);
}
