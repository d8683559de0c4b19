using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.BenchProcesses.Growth;
using OrleansLb.Reports;

namespace OrleansLb.EdgeBench.Soak;

/// <summary>A cluster under load for long, while its configuration, its backends and its connections change: nothing may fail, and nothing may grow.</summary>
internal sealed class SoakRun(TimeSpan length, DirectoryInfo folder, TextWriter output)
{
    private const int Success = 0;
    private const int SomethingMissed = 1;
    private const double RateKept = 500;
    private const double RateAnew = 50;
    private const int Samples = 60;

    private static readonly TimeSpan ChangeEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SpeakEvery = TimeSpan.FromSeconds(30);

    private readonly List<ProcessSample> _samples = [];

    public async Task<int> Run(CancellationToken cancellation)
    {
        if (!Machine.Has("redis-server"))
            throw new BenchException("Not installed: redis-server. bench/soak installs it.");
        using var stage = await SoakStage.Start(cancellation);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var loads = stage.Frontends.SelectMany(frontend => (SoakLoad[])[new SoakLoad(), new SoakLoad()]).ToArray();
        var running = loads.Select((load, i) => load.Run(stage.Frontends[i / 2], i % 2 == 0 ? RateKept : RateAnew, anew: i % 2 != 0, stop.Token)).ToArray();
        try
        {
            await Watch(stage, loads, cancellation);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running);
        }

        return await Conclude(loads);
    }

    private async Task Watch(SoakStage stage, SoakLoad[] loads, CancellationToken cancellation)
    {
        using var client = new HttpClient();
        var began = TimeProvider.System.GetTimestamp();
        var (sampled, changed, spoken) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        while (TimeProvider.System.GetElapsedTime(began) is var now && now < length)
        {
            if (now >= sampled)
            {
                foreach (var probe in stage.Probes)
                    _samples.Add(await probe.Look(client, now, cancellation));
                sampled += length / Samples;
            }

            if (now >= changed)
            {
                stage.ChangeBackends();
                changed += ChangeEvery;
            }

            if (now >= spoken)
            {
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{now.TotalMinutes:F1} of {length.TotalMinutes:F0} minutes, {loads.Sum(static load => load.Answered)} answered, {loads.Sum(static load => load.Failed)} failed"));
                spoken += SpeakEvery;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellation);
        }
    }

    private async Task<int> Conclude(SoakLoad[] loads)
    {
        var (answered, failed) = (loads.Sum(static load => load.Answered), loads.Sum(static load => load.Failed));
        var misses = _samples.GroupBy(static sample => sample.Process).SelectMany(static samples => GrowthVerdict.Misses([.. samples])).ToList();
        if (failed > 0)
            misses.Insert(0, string.Create(CultureInfo.InvariantCulture, $"{failed} requests failed, the first with: {loads.Select(static load => load.FirstFailure).First(static failure => failure is not null)}"));
        var section = new Section(
            "Soak",
            string.Create(CultureInfo.InvariantCulture, $"{length.TotalMinutes:F0} minutes, {answered} requests answered, {failed} failed; {RateKept:F0} requests a second over kept connections and {RateAnew:F0} over new ones through each front-end, ")
            + "and every 5 s another configuration with other backends. From the third quarter of the run to the last.",
            SoakTable.Of(_samples),
            new SoakPicture(_samples),
            misses);
        await output.WriteLineAsync(SectionWriter.ToMarkdown(section, picture: null));
        var files = SectionWriter.WriteFiles(folder, "soak", [section], $"Measured on {Machine.Description}.\n\n");
        await output.WriteLineAsync($"Written: {string.Join(", ", files)}");
        return misses.Count == 0 ? Success : SomethingMissed;
    }
}
