using System.CommandLine;
using OrleansLb.Reports;
using OrleansLb.Simulator.Experiments;
using OrleansLb.Simulator.Reports;

namespace OrleansLb.Simulator;

/// <summary>The commands: one per experiment, and one for the page of the reference.</summary>
internal static class SimulatorCommandLine
{
    private const int Success = 0;
    private const int SomethingMissed = 1;
    private const int WrongUsage = 2;

    private static readonly IExperiment[] Experiments = [new Classics(), new StalenessExperiment(), new ShapesExperiment(), new SweepExperiment(), new PoliciesExperiment(), new FailuresExperiment(), new ConstantsExperiment()];

    private static readonly Option<DirectoryInfo> Folder = new("--out")
    {
        Description = "Where the files go",
        HelpName = "DIR",
        DefaultValueFactory = static _ => new DirectoryInfo("artifacts/simulator"),
        Recursive = true,
    };

    private static readonly Option<int> Seeds = Count("--seeds", "Runs of each policy in each scenario", 5, 1000);

    private static readonly Option<int> Cores = Count("--cores", "Runs at a time; changes no figure", Environment.ProcessorCount, 1024);

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "A tenth of the time: to see that it works, not to believe the figures",
        Recursive = true,
    };

    public static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        var parsed = Create(output, errors).Parse(args);
        if (parsed.Errors.Count == 0)
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = errors });
        foreach (var error in parsed.Errors)
            errors.WriteLine(error.Message);
        errors.WriteLine("Try --help.");
        return WrongUsage;
    }

    private static RootCommand Create(TextWriter output, TextWriter errors)
    {
        var root = new RootCommand(
            "Runs the shipped balancing machines under discrete events and writes tables (Markdown, CSV) and pictures (PNG). Exit codes: "
            + "0 all that is asked for was measured, 1 something was missed, 2 wrong usage.")
        {
            Folder, Seeds, Cores, Quick,
        };
        foreach (var experiment in Experiments)
        {
            var command = new Command(experiment.Name, experiment.Description);
            command.SetAction(result => RunOne(experiment, result, output, errors));
            root.Subcommands.Add(command);
        }

        var page = new Command("page", "All experiments, as the page docs/reference/balancing-simulation.md and its pictures");
        page.SetAction(result => RunAll(result, output, errors));
        root.Subcommands.Add(page);
        return root;
    }

    private static int RunOne(IExperiment experiment, ParseResult result, TextWriter output, TextWriter errors)
    {
        var effort = EffortOf(result, errors);
        var sections = experiment.Run(effort);
        foreach (var section in sections)
            output.Write(SectionWriter.ToMarkdown(section, picture: null));
        var files = SectionWriter.WriteFiles(result.GetValue(Folder)!, experiment.Name, sections);
        output.WriteLine($"Written: {string.Join(", ", files)}");
        output.WriteLine(effort.Pace());
        return Judge(sections, result, output);
    }

    private static int RunAll(ParseResult result, TextWriter output, TextWriter errors)
    {
        var effort = EffortOf(result, errors);
        var page = new Page(result.GetValue(Folder)!, effort);
        var sections = new List<Section>();
        foreach (var experiment in Experiments)
        {
            errors.WriteLine(experiment.Name);
            var found = experiment.Run(effort);
            page.Add(experiment.Name, found);
            sections.AddRange(found);
        }

        output.WriteLine($"Written: {page.Write()}");
        output.WriteLine(effort.Pace());
        return Judge(sections, result, output);
    }

    private static Effort EffortOf(ParseResult result, TextWriter errors) =>
        new(result.GetValue(Seeds), result.GetValue(Cores), result.GetValue(Quick), errors);

    private static int Judge(IEnumerable<Section> sections, ParseResult result, TextWriter output)
    {
        var misses = sections.SelectMany(static section => section.Misses).ToArray();
        foreach (var miss in misses)
            output.WriteLine($"missed: {miss}");
        // What runs that are too short miss says nothing.
        return misses.Length == 0 || result.GetValue(Quick) ? Success : SomethingMissed;
    }

    private static Option<int> Count(string name, string description, int usual, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual, Recursive = true };
        option.Validators.Add(result =>
        {
            var value = result.GetValueOrDefault<int>();
            if (value < 1 || value > most)
                result.AddError($"{name} must be 1 to {most}.");
        });
        return option;
    }
}
