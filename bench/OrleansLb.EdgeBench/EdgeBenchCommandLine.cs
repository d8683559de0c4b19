using System.CommandLine;
using System.Net.Sockets;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Scenarios;
using OrleansLb.EdgeBench.Soak;
using OrleansLb.LoadGenerator.Backends;

namespace OrleansLb.EdgeBench;

/// <summary>The command that measures, and the one that is the backend of the measurements.</summary>
internal static class EdgeBenchCommandLine
{
    private const int Success = 0;
    private const int SomethingMissed = 1;
    private const int WrongUsage = 2;

    // What every process of a benchmark takes to be ended, many times over.
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan QuickTurn = TimeSpan.FromSeconds(0.5);

    private static readonly IScenario[] Scenarios =
    [
        new KeepAliveScenario("keep-alive", []),
        new KeepAliveScenario("levers", Lever.All),
        new IdleConnectionsScenario(),
        IdleClusterScenario.One,
        IdleClusterScenario.Growing,
        new ColdStartScenario(),
        SaturationCases.NewConnections,
        SaturationCases.ManyConnections,
        SaturationCases.ManyBackends,
        SaturationCases.Bodies,
        SaturationCases.Tls,
        SaturationCases.Http2,
        SaturationCases.Grpc,
        SaturationCases.WebSocket,
    ];

    private static readonly Option<string[]> Scenario = Names("--scenario", "What to measure; all of it unless given", [.. Scenarios.Select(static scenario => scenario.Name)]);

    private static readonly Option<string[]> Contestants = Names("--contestants", "Whom to compare; everybody unless given", ContestantNames.All);

    private static readonly Option<int> Rounds = Count("--rounds", "Turns of each contestant with each load", 5, 1, 100);

    private static readonly Option<int> Seconds = Count("--seconds", "Length of a turn", 3, 1, 60);

    private static readonly Option<int> Minutes = Count("--patience", "Minutes to wait in all while others use the machine, and to measure again what they disturbed", 10, 0, 600);

    private static readonly Option<bool> Quick = new("--quick") { Description = "One round, and turns of half a second: to see that it runs, not to believe the figures" };

    private static readonly Option<DirectoryInfo> Folder = new("--out")
    {
        Description = "Where the files go",
        HelpName = "DIR",
        DefaultValueFactory = static _ => new DirectoryInfo("artifacts/edge-bench"),
    };

    public static async Task<int> Run(string[] args, TextWriter output, TextWriter errors)
    {
        var parsed = Create(output).Parse(args);
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
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = output, Error = errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = EndLimit,
            });
        }
        catch (BenchException failure)
        {
            await errors.WriteLineAsync(failure.Message);
            return SomethingMissed;
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync("Ended by a signal; every process that was started has been ended.");
            return SomethingMissed;
        }
    }

    private static RootCommand Create(TextWriter output)
    {
        var root = new RootCommand(
            "Measures what a request through a front-end costs, beside stock YARP, nginx, HAProxy and Caddy, in turns and through the same backends. Writes tables (Markdown, CSV) and "
            + "pictures (PNG). Exit codes: 0 all that is asked for was measured, 1 something was missed, 2 wrong usage.")
        {
            Scenario, Contestants, Rounds, Seconds, Minutes, Quick, Folder,
        };
        root.SetAction((result, cancellation) => Measure(result, output, cancellation));
        root.Subcommands.Add(Soak(output));
        root.Subcommands.Add(Backend());
        return root;
    }

    private static Task<int> Measure(ParseResult result, TextWriter output, CancellationToken cancellation)
    {
        var quick = result.GetValue(Quick);
        var effort = new Effort(
            [.. ContestantNames.All.Intersect(result.GetValue(Contestants)!)],
            quick ? 1 : result.GetValue(Rounds),
            quick ? QuickTurn : TimeSpan.FromSeconds(result.GetValue(Seconds)),
            quick,
            new Patience(quick ? TimeSpan.Zero : TimeSpan.FromMinutes(result.GetValue(Minutes)), TimeProvider.System, static () => MachineTime.Busy),
            output);
        return new EdgeBench(effort, result.GetValue(Folder)!, output)
            .Run([.. Scenarios.IntersectBy(result.GetValue(Scenario)!, static scenario => scenario.Name)], cancellation);
    }

    private static Command Soak(TextWriter output)
    {
        var minutes = Count("--minutes", "How long", 3, 1, 24 * 60);
        var command = new Command("soak", "Keeps a cluster under load while its configuration, backends and connections change, and sees whether anything fails or grows. Exit codes as above") { minutes, Folder };
        command.SetAction((result, cancellation) => new SoakRun(TimeSpan.FromMinutes(result.GetValue(minutes)), result.GetValue(Folder)!, output).Run(cancellation));
        return command;
    }

    private static Command Backend()
    {
        var ports = new Option<int[]>("--ports") { Required = true, AllowMultipleArgumentsPerToken = true };
        var command = new Command("backend", "A backend that costs little, on these ports of loopback, until it is ended") { ports };
        command.Hidden = true;
        command.SetAction((result, cancellation) => Task.FromResult(Serve(result.GetValue(ports)!, cancellation)));
        return command;
    }

    private static int Serve(int[] ports, CancellationToken cancellation)
    {
        try
        {
            using var backend = new PlainBackend(ports);
            backend.Run(cancellation);
            return Success;
        }
        catch (SocketException exception)
        {
            throw new BenchException($"The backend cannot listen on {string.Join(", ", ports)}: {exception.Message}.", exception);
        }
    }

    private static Option<string[]> Names(string name, string description, string[] allowed)
    {
        var option = new Option<string[]>(name)
        {
            Description = description, HelpName = string.Join('|', allowed), AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => allowed,
        };
        option.AcceptOnlyFromAmong(allowed);
        return option;
    }

    private static Option<int> Count(string name, string description, int usual, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<int>();
            if (value < least || value > most)
                result.AddError($"{name} must be {least} to {most}.");
        });
        return option;
    }
}
