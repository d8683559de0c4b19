using System.Globalization;
using System.Text;
using OrleansLb.Reports;
using OrleansLb.Simulator.Experiments;

namespace OrleansLb.Simulator.Reports;

/// <summary>The page of the reference: every experiment, one after the other.</summary>
internal sealed class Page(DirectoryInfo folder, Effort effort)
{
    private const string Name = "balancing-simulation";

    private readonly StringBuilder _text = new(Head(effort));

    /// <summary>Adds what an experiment found, and writes its pictures.</summary>
    public void Add(string experiment, IReadOnlyList<Section> sections)
    {
        folder.Create();
        foreach (var section in sections)
        {
            var picture = SectionWriter.WritePicture(folder, $"{Name}-{experiment}", section);
            _text.Append(SectionWriter.ToMarkdown(section, picture));
        }
    }

    /// <summary>Writes the page.</summary>
    /// <returns>Its path.</returns>
    public string Write()
    {
        var path = Path.Combine(folder.FullName, Name + ".md");
        File.WriteAllText(path, _text.ToString().TrimEnd('\n') + "\n");
        return path;
    }

    private static string Head(Effort effort) => string.Create(CultureInfo.InvariantCulture, $"""
        # Balancing, simulated

        Made by `dotnet run -c Release --project bench/OrleansLb.Simulator -- page --out docs/reference --seeds {effort.Seeds}{(effort.IsQuick ? " --quick" : "")}`; change the
        simulator or the rule and run it again rather than editing this page. The same seeds give the same figures on any machine;
        where the processor adds vectors of another width, sums are rounded differently and a third digit may differ.

        The simulator runs the shipped machines (`FrontendLoadMachine`, `PoolLoadMachine`, the pickers) under discrete events in virtual time:
        front-ends pick, backends serve, reports and replies travel. Every policy meets the same requests. What follows from the figures stands in
        [decision 0001](../decisions/0001-cluster-least-requests-constants.md).

        - **mean, p50, p99, p99.9**: time from pick to end, in mean service times.
        - **spread**: time average of (most in flight at a backend) / (mean in flight), per weight.
        - **herd index**: of all picks that follow a pick of another front-end within a service time, the share that went to the same backend, divided by the chance
          of that if each pick were drawn by itself with the backends' overall shares. 1 is independence, more is a herd.

        """).ReplaceLineEndings("\n") + "\n";
}
