using OrleansLb.BenchProcesses;
using OrleansLb.Process.Tests.Faults.Figures;

[assembly: AssemblyFixture(typeof(FaultPageFile))]

namespace OrleansLb.Process.Tests.Faults.Figures;

/// <summary>At the end of a run, writes what faults did to the file that <see cref="Variable"/> names.</summary>
public sealed class FaultPageFile : IAsyncDisposable
{
    public const string Variable = "ORLEANSLB_FAULT_FIGURES";

    public async ValueTask DisposeAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } file)
            return;
        var machine = $"{Machine.Description}; redis-server {await Machine.VersionOf("redis-server", "--version")}";
        await File.WriteAllTextAsync(file, FaultPage.Render(FaultFigures.Said, machine, Rounds.Count(fallback: 1)));
    }
}
