using System.CommandLine;
using OrleansLb.Hosting.CommandLine;

namespace OrleansLb.Hosting.Tests.CommandLine;

public sealed class ProcessCommandLineTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();
    private ProcessStart? _started;

    [Fact]
    public async Task Invoke_NoArguments_RunsWithoutFile()
    {
        Assert.Equal(0, await InvokeAsync());

        Assert.NotNull(_started);
        Assert.Null(_started.ConfigurationFile);
        Assert.Empty(_started.Settings);
    }

    [Theory]
    [InlineData("--config")]
    [InlineData("-c")]
    public async Task Invoke_ConfigurationFile_BecomesAbsolute(string option)
    {
        await InvokeAsync(option, "some.json");

        Assert.Equal(Path.GetFullPath("some.json"), _started?.ConfigurationFile);
    }

    [Fact]
    public async Task Invoke_Settings_PassThroughInOrder()
    {
        await InvokeAsync("--OrleansLb:Status:Url=http://localhost:1", "--config", "a.json", "--Logging:LogLevel:Default=Debug");

        Assert.Equal(["--OrleansLb:Status:Url=http://localhost:1", "--Logging:LogLevel:Default=Debug"], _started!.Settings);
    }

    [Theory]
    [InlineData("'--frob'", "--frob")]
    [InlineData("'stray'", "stray")]
    [InlineData("'--config'", "--config")]
    [InlineData("--OrleansLb:Status:Url=value", "--OrleansLb:Status:Url", "http://localhost:1")]
    [InlineData("health takes no settings", "health", "--OrleansLb:Status:Url=http://localhost:1")]
    [InlineData("'@file'", "@file")]
    public async Task Invoke_WrongUsage_NamesItInOneLineAndPointsToHelp(string named, params string[] arguments)
    {
        Assert.Equal(ExitCodes.WrongUsage, await InvokeAsync(arguments));

        var lines = _error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("the-name: ", lines[0], StringComparison.Ordinal);
        Assert.Contains(named, lines[0], StringComparison.Ordinal);
        Assert.Equal("Try 'the-name --help'.", lines[1]);
        Assert.Null(_started);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task Help_Root_ShowsNameOptionsSettingsExitCodesAndExamples()
    {
        Assert.Equal(0, await InvokeAsync("--help"));

        var help = _output.ToString();
        Assert.Contains("the-name [command] [options]", help, StringComparison.Ordinal);
        Assert.Contains("--config <FILE>", help, StringComparison.Ordinal);
        Assert.Contains("--Section:Key=value", help, StringComparison.Ordinal);
        Assert.Contains("Exit codes:", help, StringComparison.Ordinal);
        Assert.Contains("the-name --config a.json", help, StringComparison.Ordinal);
        Assert.Contains("health", help, StringComparison.Ordinal);
        Assert.Null(_started);
    }

    [Fact]
    public async Task Help_Subcommand_ShowsOnlyItsOwn()
    {
        Assert.Equal(0, await InvokeAsync("health", "--help"));

        Assert.Contains("the-name health [options]", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Exit codes:", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_Asked_IsNameAndVersionOnOneLine()
    {
        Assert.Equal(0, await InvokeAsync("--version"));

        Assert.Matches(@"^the-name \d+\.\d+\.\d+\S*\s$", _output.ToString());
    }

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    private Task<int> InvokeAsync(params string[] arguments)
    {
        var health = new Command("health", "Asks.");
        health.SetAction(static _ => 0);
        var description = new ProcessDescription { Name = "the-name", Summary = "Does things.", Examples = [("--config a.json", "Runs.")], Commands = [health] };
        var commandLine = new ProcessCommandLine(description, start =>
        {
            _started = start;
            return Task.FromResult(0);
        });
        return commandLine.InvokeAsync(arguments, _output, _error);
    }
}
