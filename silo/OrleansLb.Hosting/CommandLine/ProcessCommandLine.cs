using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;

namespace OrleansLb.Hosting.CommandLine;

/// <summary>The grammar that all executables share.</summary>
internal sealed partial class ProcessCommandLine
{
    private readonly ProcessDescription _description;
    private readonly Command _root;
    private readonly Option<string?> _configuration = new("--config", "-c") { Description = "JSON configuration file, read again when it changes", HelpName = "FILE" };

    public ProcessCommandLine(ProcessDescription description, Func<ProcessStart, Task<int>> run)
    {
        _description = description;
        _root = new Command(description.Name, description.Summary) { _configuration };
        var help = new HelpOption();
        help.Action = new HelpText(description, _root, (HelpAction)help.Action!);
        _root.Add(help);
        _root.Add(new VersionOption { Action = new VersionText(description) });
        _root.SetAction((result, _) => run(StartOf(result)));
        foreach (var command in description.Commands)
            _root.Add(command);
    }

    private IReadOnlyList<string> Settings { get; set; } = [];

    /// <summary>Runs what the arguments ask for, or explains why it cannot.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        Settings = [.. arguments.Where(IsSetting)];
        var rest = arguments.Where(static argument => !IsSetting(argument)).ToArray();
        var result = _root.Parse(rest, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false });
        var problem = Problem(result);
        if (problem is not null)
        {
            await error.WriteLineAsync($"{_description.Name}: {problem}");
            await error.WriteLineAsync($"Try '{_description.Name} --help'.");
            return ExitCodes.WrongUsage;
        }

        // The host handles signals, and the caller turns exceptions into messages.
        return await result.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    }

    private string? Problem(ParseResult result)
    {
        var stray = result.UnmatchedTokens.Count == 0 ? null : result.UnmatchedTokens[0];
        if (result.Errors.Count > 0 && stray is not null && stray.StartsWith("--", StringComparison.Ordinal) && stray.Contains(':', StringComparison.Ordinal))
            return $"setting '{stray}' has no value; give it as {stray}=value";

        if (result.Errors.Count > 0)
            return string.Join(' ', result.Errors.Select(static parseError => parseError.Message));

        return Settings.Count > 0 && result.CommandResult.Command != _root ? $"{result.CommandResult.Command.Name} takes no settings, but got {Settings[0]}" : null;
    }

    private ProcessStart StartOf(ParseResult result)
    {
        var file = result.GetValue(_configuration);
        return new ProcessStart(_description, file is null ? null : Path.GetFullPath(file), Settings);
    }

    private static bool IsSetting(string argument) => SettingPattern().IsMatch(argument);

    [GeneratedRegex("^--[^:=\\s]+(:[^:=\\s]+)+=", RegexOptions.CultureInvariant)]
    private static partial Regex SettingPattern();
}
