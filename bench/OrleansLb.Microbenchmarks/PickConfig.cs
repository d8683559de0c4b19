using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Order;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace OrleansLb.Microbenchmarks;

/// <summary>Many short iterations, so that the median and the minimum mean something on a machine that others use too.</summary>
internal sealed class PickConfig : ManualConfig
{
    // Of one benchmark, which takes two seconds of a processor that it need not share.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(30);

    public PickConfig()
    {
        // In this process: a benchmark's generated project would be built with this repository's rules.
        AddJob(Job.Default
            .WithToolchain(new InProcessEmitToolchain(LongestRun, logOutput: false))
            .WithWarmupCount(10)
            .WithIterationCount(60)
            .WithIterationTime(TimeInterval.FromMilliseconds(20)));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(StatisticColumn.Min, StatisticColumn.Median);
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub);
        WithOrderer(new DefaultOrderer(SummaryOrderPolicy.Method));
    }
}
