using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using OrleansLb.BenchProcesses;
using OrleansLb.Chaos.Plans;

namespace OrleansLb.ChaosRun;

/// <summary>What the command understands, and how it ends.</summary>
internal static class ChaosCommandLine
{
    private const int LongestMinutes = 120;

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(LongestMinutes);

    // What every process of the cluster takes to be ended, many times over.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    private static readonly string AllNames = string.Join(',', FaultTrait.All.Select(static trait => trait.Name));

    private static readonly Option<int?> Minutes = new("--minutes") { Description = "How long, in minutes, 1 to 120; 3 unless given", HelpName = "N", CustomParser = ParseMinutes };

    private static readonly Option<TimeSpan?> Duration = new("--duration")
    {
        Description = "How long, 00:00:20 to 02:00:00, instead of --minutes", HelpName = "hh:mm:ss", CustomParser = ParseDuration,
    };

    private static readonly Option<int?> Seed = new("--seed") { Description = "The same one gives the same faults at the same times; any unless given", HelpName = "S", CustomParser = ParseSeed };

    private static readonly Option<IReadOnlyList<FaultTrait>?> Faults = new("--faults")
    {
        Description = $"Only these, separated by commas; all of them unless given: {AllNames}", HelpName = "NAME,...", CustomParser = ParseFaults, Arity = ArgumentArity.ExactlyOne,
    };

    private static readonly Option<bool> Plan = new("--plan") { Description = "Prints the faults of the seed and ends" };

    private static readonly Option<DirectoryInfo> Folder = new("--out")
    {
        Description = "Where the files go", HelpName = "DIR", DefaultValueFactory = static _ => new DirectoryInfo("artifacts/chaos"),
    };

    public static async Task<int> Run(string[] args, TextWriter output, TextWriter errors)
    {
        var parsed = Create(output).Parse(args);
        if (parsed.Errors.Count == 0)
            return await Invoke(parsed, output, errors);
        await errors.WriteLineAsync($"deploy/dev/chaos: {parsed.Errors[0].Message.TrimEnd('.')}; see deploy/dev/chaos --help");
        return ExitCodes.WrongUsage;
    }

    private static async Task<int> Invoke(ParseResult parsed, TextWriter output, TextWriter errors)
    {
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = EndLimit,
            });
        }
        catch (Exception failure) when (failure is BenchException or IOException or UnauthorizedAccessException or HttpRequestException or SocketException)
        {
            await errors.WriteLineAsync($"deploy/dev/chaos: {failure.Message.ReplaceLineEndings(" ")}");
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("deploy/dev/chaos: ended by a signal; every process that was started has been ended");
        }

        return ExitCodes.Failure;
    }

    private static RootCommand Create(TextWriter output)
    {
        var root = new RootCommand(
            "Starts Redis, three silos, three front-ends and four backends on free ports of loopback, sends requests through all front-ends, lets random faults happen, and says "
            + "whether what is promised was true meanwhile. Writes DIR/chaos.md, chaos.csv, chaos.png and the logs. Exit codes: 0 every promise held, 1 one did not or something is missing, 2 wrong usage.")
        {
            Minutes, Duration, Seed, Faults, Plan, Folder,
        };
        root.Validators.Add(static result =>
        {
            if (result.GetResult(Minutes) is not null && result.GetResult(Duration) is not null)
                result.AddError("--minutes and --duration say the same; give one of them.");
        });
        root.SetAction((result, cancellation) => Start(result, output, cancellation));
        return root;
    }

    private static async Task<int> Start(ParseResult result, TextWriter output, CancellationToken cancellation)
    {
        var length = result.GetValue(Duration) ?? (result.GetValue(Minutes) is { } minutes ? TimeSpan.FromMinutes(minutes) : Usual);
        var order = new ChaosOrder(length, result.GetValue(Seed) ?? Random.Shared.Next(), result.GetValue(Faults) ?? FaultTrait.All, result.GetValue(Folder)!);
        if (result.GetValue(Plan))
        {
            foreach (var fault in order.Plan)
                await output.WriteLineAsync(PlanLine.Of(fault));
            return ExitCodes.Success;
        }

        using var hungUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // A terminal that is closed asks to end as the other two signals do, which the parser listens to.
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            hungUp.Cancel();
        });
        return await new ChaosRun(order, output).Run(hungUp.Token);
    }

    private static int? ParseMinutes(ArgumentResult result) =>
        int.TryParse(Only(result), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is >= 1 and <= LongestMinutes
            ? minutes
            : Wrong<int?>(result, $"--minutes must be 1 to {LongestMinutes}, not '{Only(result)}'");

    private static TimeSpan? ParseDuration(ArgumentResult result) =>
        TimeSpan.TryParseExact(Only(result), @"hh\:mm\:ss", CultureInfo.InvariantCulture, out var length) && length >= FaultPlan.ShortestRun && length <= Longest
            ? length
            : Wrong<TimeSpan?>(result, $"--duration must be {FaultPlan.ShortestRun:c} to {Longest:c}, not '{Only(result)}'");

    private static int? ParseSeed(ArgumentResult result) =>
        int.TryParse(Only(result), NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? seed : Wrong<int?>(result, $"--seed must be 0 to {int.MaxValue}, not '{Only(result)}'");

    private static IReadOnlyList<FaultTrait>? ParseFaults(ArgumentResult result)
    {
        var traits = new List<FaultTrait>();
        foreach (var name in Only(result).Split(','))
        {
            if (FaultTrait.Find(name) is not { } trait)
                return Wrong<IReadOnlyList<FaultTrait>>(result, $"--faults knows no '{name}', only {AllNames}");
            traits.Add(trait);
        }

        return traits;
    }

    private static string Only(ArgumentResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[0].Value;

    private static T? Wrong<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default;
    }
}
