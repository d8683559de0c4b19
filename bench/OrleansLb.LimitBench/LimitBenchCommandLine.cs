using System.CommandLine;
using OrleansLb.BenchProcesses;
using OrleansLb.LimitBench.Keys;
using OrleansLb.LimitBench.Sessions;

namespace OrleansLb.LimitBench;

/// <summary>The command, one for what keys cost, and one for what learned sessions do.</summary>
internal static class LimitBenchCommandLine
{
    private const int SomethingMissed = 1;
    private const int WrongUsage = 2;

    private static readonly Option<int> Rounds = Count("--rounds", "Turns of each contestant", 15, 100);

    private static readonly Option<int> Seconds = Count("--seconds", "Length of a turn", 2, 60);

    private static readonly Option<DirectoryInfo> Folder = new("--out")
    {
        Description = "Where the table goes, as Markdown and CSV",
        HelpName = "DIR",
        DefaultValueFactory = static _ => new DirectoryInfo("artifacts/limit-bench"),
        Recursive = true,
    };

    public static async Task<int> Run(string[] args, TextWriter output, TextWriter errors)
    {
        var root = new RootCommand(
            "Compares an exact decision of the cluster's rate limits with a script in Redis, from one process and in turns, and measures a leased one. Needs redis-server. "
            + "Exit codes: 0 all that is asked for was measured, 1 something was missed, 2 wrong usage.")
        {
            Rounds, Seconds, Folder,
        };
        root.SetAction((result, cancellation) =>
            new LimitBench(result.GetValue(Rounds), TimeSpan.FromSeconds(result.GetValue(Seconds)), result.GetValue(Folder)!, output).Run(cancellation));
        var keys = new Command("keys", "Memory, look-ups and evictions of a million keys of each algorithm, in this process");
        keys.SetAction((result, _) => new KeyBench(result.GetValue(Folder)!, output).Run());
        root.Subcommands.Add(keys);
        var sessions = new Command("sessions", "Memory and look-ups of a million learned sessions, in this process");
        sessions.SetAction((result, _) => new SessionBench(result.GetValue(Folder)!, output).Run());
        root.Subcommands.Add(sessions);
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0)
            return await Invoke(parsed, output, errors);
        foreach (var error in parsed.Errors)
            await errors.WriteLineAsync(error.Message);
        await errors.WriteLineAsync("Try --help.");
        return WrongUsage;
    }

    private static async Task<int> Invoke(ParseResult parsed, TextWriter output, TextWriter errors)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = errors, EnableDefaultExceptionHandler = false });
        }
        catch (BenchException failure)
        {
            await errors.WriteLineAsync(failure.Message);
            return SomethingMissed;
        }
    }

    private static Option<int> Count(string name, string description, int usual, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<int>();
            if (value < 1 || value > most)
                result.AddError($"{name} must be 1 to {most}.");
        });
        return option;
    }
}
