using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLb.BenchProcesses;
using OrleansLb.EdgeBench.Contestants;
using OrleansLb.EdgeBench.Scenarios;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench;

/// <summary>Runs scenarios and writes down what they found.</summary>
internal sealed class EdgeBench(Effort effort, DirectoryInfo folder, TextWriter output)
{
    private const int Success = 0;
    private const int SomethingMissed = 1;

    public async Task<int> Run(IReadOnlyList<IScenario> scenarios, CancellationToken cancellation)
    {
        RefuseMissingPrograms(scenarios);
        var head = await Head();
        await output.WriteLineAsync(head);
        var misses = new List<string>();
        foreach (var scenario in scenarios)
        {
            var found = await scenario.Run(effort, cancellation);
            foreach (var section in found.Sections)
                await output.WriteLineAsync(SectionWriter.ToMarkdown(section, picture: null));
            var files = SectionWriter.WriteFiles(folder, scenario.Name, found.Sections, $"{head}{effort.Patience.Summary}\n\n");
            var turns = Path.Combine(folder.FullName, scenario.Name + "-turns.csv");
            await File.WriteAllTextAsync(turns, found.Turns.ToCsv(), cancellation);
            await output.WriteLineAsync($"Written: {string.Join(", ", files.Append(turns))}");
            misses.AddRange(found.Sections.SelectMany(static section => section.Misses));
        }

        await output.WriteLineAsync(effort.Patience.Summary);
        foreach (var miss in misses)
            await output.WriteLineAsync($"missed: {miss}");
        // What runs that are too short miss says nothing.
        return misses.Count == 0 || effort.IsQuick ? Success : SomethingMissed;
    }

    private void RefuseMissingPrograms(IEnumerable<IScenario> scenarios)
    {
        var missing = effort.Contestants.Where(ContestantNames.Programs.ContainsKey).Select(static name => ContestantNames.Programs[name])
            .Select(static needed => new Need(needed.Package, () => Machine.Has(needed.Program)))
            .Concat(scenarios.SelectMany(static scenario => scenario.Needs))
            .Where(static need => !need.IsThere()).Select(static need => need.Package).Distinct().ToArray();
        if (missing.Length > 0)
            throw new BenchException($"Not installed: {string.Join(", ", missing)}. bench/run installs them; --contestants and --scenario measure without them.");
    }

    private async Task<string> Head()
    {
        var versions = new List<string>();
        foreach (var (name, arguments) in (IReadOnlyList<(string, string[])>)[("nginx", ["-v"]), ("haproxy", ["-v"]), ("caddy", ["version"]), ("redis-server", ["--version"]), ("h2load", ["--version"])])
        {
            if (Machine.Has(name))
                versions.Add($"{name} {await Machine.VersionOf(name, arguments)}");
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Measured on {Machine.Description}; YARP {YarpVersion}; {string.Join("; ", versions)}. {effort.Rounds} rounds, turns of {effort.Turn.TotalSeconds} s");
        text.Append(effort.IsQuick ? ", `--quick`: no figure means anything" : "").Append(". Figures are medians of the rounds with the least and the most; ratios are medians of each round's.\n\n");
        return text.ToString();
    }

    /// <summary>As the build put it beside stock YARP.</summary>
    private static string YarpVersion =>
        Machine.Version(FileVersionInfo.GetVersionInfo(Path.Combine(Path.GetDirectoryName(BuiltExecutables.Find("OrleansLb.StockYarp"))!, "Yarp.ReverseProxy.dll")).ProductVersion ?? "");
}
