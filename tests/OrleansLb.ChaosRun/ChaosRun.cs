using System.Collections.Concurrent;
using System.Globalization;
using OrleansLb.BenchProcesses;
using OrleansLb.Chaos.Load;
using OrleansLb.Chaos.Verdicts;
using OrleansLb.ChaosRun.Faults;
using OrleansLb.ChaosRun.Load;
using OrleansLb.ChaosRun.Reports;
using OrleansLb.ChaosRun.Stage;

namespace OrleansLb.ChaosRun;

/// <summary>One run, from the start of the cluster to the verdict.</summary>
internal sealed class ChaosRun(ChaosOrder order, TextWriter output)
{
    private static readonly TimeSpan WholeWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SpeakEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    // Each fault may take its bound longer than planned.
    private static readonly TimeSpan Reserve = TimeSpan.FromHours(2);

    private readonly ConcurrentQueue<string> _surprises = new();

    public async Task<int> Run(CancellationToken cancellation)
    {
        if (!Machine.Has("redis-server"))
            throw new BenchException("redis-server is missing; deploy/dev/chaos installs it");
        var logs = order.Folder.CreateSubdirectory("logs");
        await output.WriteLineAsync(FormattableString.Invariant($"seed {order.Seed}: {order.Plan.Count} faults in {order.Length:c}; to repeat it: {order.Command}"));
        await output.WriteLineAsync("starting Redis, silos, front-ends and backends");
        RunRecord record;
        await using (var stage = await ChaosStage.Start(order.Seed, logs, cancellation))
            record = await Disturb(stage, cancellation);
        return await Conclude(record);
    }

    private async Task<RunRecord> Disturb(ChaosStage stage, CancellationToken cancellation)
    {
        using var view = new ClusterView(stage);
        await IsWhole(view, cancellation);
        var sessions = await Sessions.Begin(stage.Frontends, cancellation);
        await using var load = await ClusterLoad.Start(stage.Frontends, sessions, order.Length + Reserve, cancellation);
        await IsWhole(view, cancellation);
        var clock = new RunClock(load);
        await output.WriteLineAsync($"the cluster is whole, {ClusterLoad.Rate.ToString(CultureInfo.InvariantCulture)} requests a second");

        var maker = new FaultMaker(stage, view, clock);
        var faults = new FaultRun(stage, view, clock, maker, output);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watching = Watch(stage, load, clock, stop.Token);
        try
        {
            await faults.Follow(order.Plan, cancellation);
            await clock.Until(order.Length, cancellation);
        }
        finally
        {
            await stop.CancelAsync();
            await watching;
        }

        // Whole seconds, as the timeline has them.
        var length = TimeSpan.FromSeconds(Math.Floor(clock.Now.TotalSeconds));
        var outcomes = (await load.Stop()).Select(clock.Of).Where(outcome => outcome.At >= TimeSpan.Zero && outcome.At < length).ToList();
        return new RunRecord(length, ClusterLoad.Rate, ClusterLoad.KeyLimit, outcomes, sessions.Homes, faults.Faults, [.. _surprises, .. maker.Surprises]);
    }

    private static async Task IsWhole(ClusterView view, CancellationToken cancellation)
    {
        if (await view.BecomesWhole(WholeWithin, cancellation) is { Length: > 0 } missing)
            throw new BenchException($"The cluster was not whole within {WholeWithin.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s, before any fault: {missing}");
    }

    /// <summary>Starts what ends by itself, and says now and then how it goes, until it is stopped.</summary>
    private async Task Watch(ChaosStage stage, OpenLoopLoad load, RunClock clock, CancellationToken stop)
    {
        var (spoken, before) = (TimeSpan.Zero, load.Outcomes.Count);
        while (!stop.IsCancellationRequested)
        {
            foreach (var surprise in stage.StartWhatEnded())
            {
                _surprises.Enqueue(surprise);
                await output.WriteLineAsync($"{Times.Of(clock.Now)}  {surprise}");
            }

            if (clock.Now >= spoken + SpeakEvery)
            {
                spoken = clock.Now;
                await output.WriteLineAsync(
                    FormattableString.Invariant($"{Times.Of(spoken)}  of {order.Length:c}: {load.Outcomes.Count - before} requests, {load.Outcomes.Count(RequestPaths.Fails)} failed"));
            }

            await Task.WhenAny(Task.Delay(LookEvery, stop));
        }
    }

    private async Task<int> Conclude(RunRecord record)
    {
        var promises = RunVerdict.Of(record);
        var files = new ChaosPage(order, record, promises).Write();
        await output.WriteLineAsync();
        foreach (var promise in promises)
            await output.WriteLineAsync($"{(promise.Holds ? "holds" : "BROKEN")}  {promise.Name}: {promise.Seen}");
        var broken = promises.Count(static promise => !promise.Holds);
        await output.WriteLineAsync(broken == 0 ? "every promise held" : string.Create(CultureInfo.InvariantCulture, $"{broken} of {promises.Count} promises did not hold"));
        await output.WriteLineAsync($"written: {string.Join(", ", files)}");
        return broken == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }
}
