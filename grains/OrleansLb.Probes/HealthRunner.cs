using System.Threading.Channels;
using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Probes;

/// <summary>
/// Gives one <see cref="HealthMachine"/> time and a network: a single loop that owns the state, with probes running beside it.
/// Everything runs on the task scheduler that <see cref="Run"/> is called on, which in a grain is the grain's own.
/// </summary>
public sealed class HealthRunner
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Channel<Input> _inputs = Channel.CreateUnbounded<Input>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Prober _prober;
    private readonly IHealthWitnesses _witnesses;
    private readonly Action<HealthStep> _observer;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly long _origin;
    private ProbePlan _plan;
    private HealthState _state;

    /// <summary>A monitor that starts.</summary>
    /// <param name="held">What is held to be true of the backend.</param>
    /// <param name="plan">What to probe, and how often.</param>
    /// <param name="prober">Runs the probes.</param>
    /// <param name="witnesses">Whom to ask.</param>
    /// <param name="observer">Told of every step, in order, before the step's probes start.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="random">Source of jitter.</param>
    public HealthRunner(
        HealthVerdict held,
        ProbePlan plan,
        Prober prober,
        IHealthWitnesses witnesses,
        Action<HealthStep> observer,
        TimeProvider clock,
        Random random)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(plan);
        (_plan, _prober, _witnesses, _observer, _clock, _random) = (plan, prober, witnesses, observer, clock, random);
        _origin = clock.GetTimestamp();
        _state = HealthMachine.Start(held, plan.Settings, TimeSpan.Zero, random.NextDouble());
    }

    private delegate HealthStep Input(HealthState state, ActiveHealthDefinition settings, TimeSpan now, double random);

    /// <summary>What the monitor knows now.</summary>
    public HealthState State => Volatile.Read(ref _state);

    /// <summary>Time as <see cref="State"/> counts it.</summary>
    public TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>A front-end could not connect.</summary>
    public void Suspect() => Post(HealthMachine.Suspected);

    /// <summary>The plan changed.</summary>
    /// <param name="plan">What to probe from now on, and how often.</param>
    public void Reconfigure(ProbePlan plan) => Post((state, _, now, random) =>
    {
        _plan = plan;
        return HealthMachine.Reconfigured(state, plan.Settings, now, random);
    });

    /// <summary>Probes until it is told to stop.</summary>
    /// <param name="stop">Ends the monitor.</param>
    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            while (_inputs.Reader.TryRead(out var input)) Apply(input, stop);
            var wait = _state.Due - Now;
            if (wait <= TimeSpan.Zero) Apply(HealthMachine.Tick, stop);
            else await Wait(wait, stop);
        }
    }

    private async Task Wait(TimeSpan wait, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(wait > ShortestWait ? wait : ShortestWait, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        Task input = _inputs.Reader.WaitToReadAsync(either.Token).AsTask();
        await input.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private void Apply(Input input, CancellationToken stop)
    {
        var step = input(_state, _plan.Settings, Now, _random.NextDouble());
        Volatile.Write(ref _state, step.Next);
        _observer(step);
        foreach (var order in step.Probes) _ = Start(order, stop);
    }

    private Task Start(ProbeOrder order, CancellationToken stop)
    {
        if (order.FromOtherSilo) return AskWitnesses(order.Id, stop);
        var target = order.Deep ? _plan.Deep : _plan.Target;
        return target is null ? Task.CompletedTask : ProbeHere(order.Id, target, stop);
    }

    private async Task ProbeHere(long id, ProbeTarget target, CancellationToken stop)
    {
        try
        {
            var outcome = await _prober.Run(target, stop);
            Post((state, settings, now, random) => HealthMachine.ProbeCompleted(state, settings, id, outcome, now, random));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The monitor ends, and nobody waits for the outcome.
        }
    }

    private async Task AskWitnesses(long id, CancellationToken stop)
    {
        try
        {
            var asked = Now;
            var answered = _witnesses.LastAnswer(stop).AsTask();
            var outcome = await _witnesses.ProbeElsewhere(_plan.Target, stop);

            // Taken from when it was asked: on the way back the answer only gets older.
            if (await answered is { } age) Post((state, _, _, _) => new HealthStep(HealthMachine.FrontendSucceeded(state, asked - age), [], null));
            Post((state, settings, now, random) => outcome is { } seen
                ? HealthMachine.ProbeCompleted(state, settings, id, seen, now, random)
                : HealthMachine.NoOtherSilo(state, settings, id, now, random));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The monitor ends, and nobody waits for the witnesses.
        }
    }

    private void Post(Input input) => _inputs.Writer.TryWrite(input);
}
