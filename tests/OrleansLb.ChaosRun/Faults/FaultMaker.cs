using OrleansLb.Chaos;
using OrleansLb.Chaos.Plans;
using OrleansLb.Chaos.Verdicts;
using OrleansLb.ChaosRun.Load;
using OrleansLb.ChaosRun.Stage;

namespace OrleansLb.ChaosRun.Faults;

/// <summary>Does what is planned to whom it meets, and takes the cause away at the planned time.</summary>
internal sealed class FaultMaker(ChaosStage stage, ClusterView view, RunClock clock)
{
    // A front-end that goes on answers first what had waited for it.
    private static readonly TimeSpan AfterThaw = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _surprises = [];

    /// <summary>Processes that did not end as they should when they were asked to.</summary>
    public IReadOnlyList<string> Surprises => _surprises;

    /// <summary>Whom a fault meets; empty when there is only one.</summary>
    public string WhomOf(PlannedFault fault) => fault.Trait.Kind switch
    {
        FaultKind.KillSilo or FaultKind.FreezeSilo => Silo(fault).Name,
        FaultKind.KillFrontend or FaultKind.StopFrontend or FaultKind.FreezeFrontend => Frontend(fault).Process.Name,
        FaultKind.KillBackend or FaultKind.FreezeBackend => Backend(fault).Name,
        FaultKind.RestartRedis or FaultKind.EmptyRedis or FaultKind.ChangeConfiguration => "",
        _ => $"{stage.Backends[^1].Name} ({string.Join(", then ", Weather(fault).Where(static step => step.Weather != ChaosWeather.Fair).Select(WeatherText.Of))})",
    };

    /// <summary>Does it.</summary>
    /// <returns>Once the cause is gone, what it took with it.</returns>
    public Task<Harm?> Make(PlannedFault fault, CancellationToken cancellation) => fault.Trait.Kind switch
    {
        FaultKind.KillSilo => KillSilo(fault, cancellation),
        FaultKind.FreezeSilo => Freeze(Silo(fault), fault, mayEnd: true, cancellation),
        FaultKind.KillFrontend => KillFrontend(fault, cancellation),
        FaultKind.StopFrontend => StopFrontend(fault, cancellation),
        FaultKind.FreezeFrontend => FreezeFrontend(fault, cancellation),
        FaultKind.KillBackend => KillBackend(fault, cancellation),
        FaultKind.FreezeBackend => Freeze(Backend(fault), fault, mayEnd: false, cancellation),
        FaultKind.RestartRedis => StopRedis(fault, keeps: true, cancellation),
        FaultKind.EmptyRedis => StopRedis(fault, keeps: false, cancellation),
        FaultKind.ChangeConfiguration => ChangeConfiguration(fault, cancellation),
        _ => DisturbNetwork(fault, cancellation),
    };

    private Member Silo(PlannedFault fault) => stage.Silos[fault.Choice % stage.Silos.Count].Process;

    private FrontendMember Frontend(PlannedFault fault) => stage.Frontends[fault.Choice % stage.Frontends.Count];

    private Member Backend(PlannedFault fault) => stage.DirectBackends[fault.Choice % stage.DirectBackends.Count];

    private async Task<Harm?> KillSilo(PlannedFault fault, CancellationToken cancellation)
    {
        await Kill(Silo(fault), fault, cancellation);
        return null;
    }

    private async Task<Harm?> KillFrontend(PlannedFault fault, CancellationToken cancellation) =>
        await Kill(Frontend(fault).Process, fault, cancellation) with { Frontend = Frontend(fault).Address.Authority };

    private async Task<Harm?> KillBackend(PlannedFault fault, CancellationToken cancellation) => await Kill(Backend(fault), fault, cancellation);

    private async Task<Harm> Kill(Member member, PlannedFault fault, CancellationToken cancellation)
    {
        var from = clock.Now;
        await member.Kill(cancellation);
        var harm = new Harm(from, clock.Now);
        await clock.Until(fault.Ends, cancellation);
        member.Start();
        return harm;
    }

    private async Task<Harm?> StopFrontend(PlannedFault fault, CancellationToken cancellation)
    {
        var process = Frontend(fault).Process;
        if (await process.Stop(cancellation) != 0)
            _surprises.Add($"asked to end, {process.End}");
        await clock.Until(fault.Ends, cancellation);
        process.Start();
        return null;
    }

    private async Task<Harm?> Freeze(Member member, PlannedFault fault, bool mayEnd, CancellationToken cancellation)
    {
        member.Freeze();
        await clock.Until(fault.Ends, cancellation);
        member.Thaw(mayEnd);
        return null;
    }

    private async Task<Harm?> FreezeFrontend(PlannedFault fault, CancellationToken cancellation)
    {
        var from = clock.Now;
        await Freeze(Frontend(fault).Process, fault, mayEnd: false, cancellation);
        return new Harm(from, clock.Now + AfterThaw, Frontend(fault).Address.Authority);
    }

    private async Task<Harm?> StopRedis(PlannedFault fault, bool keeps, CancellationToken cancellation)
    {
        if (keeps)
            await stage.Redis.Save(cancellation);
        else
            stage.Redis.Forget();
        await stage.Redis.Process.Kill(cancellation);
        await clock.Until(fault.Ends, cancellation);
        stage.Redis.Process.Start();
        await stage.Redis.Answers(cancellation);
        return null;
    }

    private async Task<Harm?> ChangeConfiguration(PlannedFault fault, CancellationToken cancellation)
    {
        var (next, limit) = (view.ExpectNextVersion(), clock.Now + fault.Trait.Bound);
        stage.Configuration.WriteNext();
        // If it does not come, the cluster will not count as whole.
        while ((await view.Version(cancellation) ?? 0) < next && clock.Now < limit)
            await Task.Delay(LookAgainAfter, cancellation);
        stage.Configuration.WriteGarbage();
        await clock.Until(fault.Ends, cancellation);
        // A silo that is started now must find one that it can use.
        stage.Configuration.WriteAgain();
        return null;
    }

    private async Task<Harm?> DisturbNetwork(PlannedFault fault, CancellationToken cancellation)
    {
        var (from, steps) = (clock.Now, Weather(fault));
        await stage.Network.Follow(steps, cancellation);
        return steps.Any(static step => WeatherText.Loses(step)) ? new Harm(from, clock.Now) : null;
    }

    // Two kinds of trouble one after the other, each with fair weather after it, stretched to the planned length.
    private static IReadOnlyList<ChaosStep> Weather(PlannedFault fault)
    {
        var steps = ChaosSchedule.Make(fault.Choice, troubles: 2, fault.Length);
        var stretch = fault.Length / steps.Aggregate(TimeSpan.Zero, static (sum, step) => sum + step.Length);
        return [.. steps.Select(step => step with { Length = step.Length * stretch })];
    }
}
