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
    private readonly HttpProbe _probe;
    private readonly IHealthWitnesses _witnesses;
    private readonly Action<HealthStep> _observer;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly long _origin;
    private ActiveHealthDefinition _settings;
    private HttpProbeTarget _target;
    private HealthState _state;

    /// <summary>A monitor that starts.</summary>
    /// <param name="held">What is held to be true of the backend.</param>
    /// <param name="settings">Intervals and thresholds.</param>
    /// <param name="target">What to probe.</param>
    /// <param name="probe">Runs the probes.</param>
    /// <param name="witnesses">Whom to ask.</param>
    /// <param name="observer">Told of every step, in order, before the step's probes start.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="random">Source of jitter.</param>
    public HealthRunner(
        HealthVerdict held,
        ActiveHealthDefinition settings,
        HttpProbeTarget target,
        HttpProbe probe,
        IHealthWitnesses witnesses,
        Action<HealthStep> observer,
        TimeProvider clock,
        Random random)
    {
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(random);
        (_settings, _target, _probe, _witnesses, _observer, _clock, _random) = (settings, target, probe, witnesses, observer, clock, random);
        _origin = clock.GetTimestamp();
        _state = HealthMachine.Start(held, settings, TimeSpan.Zero, random.NextDouble());
    }

    private delegate HealthStep Input(HealthState state, ActiveHealthDefinition settings, TimeSpan now, double random);

    /// <summary>What the monitor knows now.</summary>
    public HealthState State => Volatile.Read(ref _state);

    /// <summary>Time as <see cref="State"/> counts it.</summary>
    public TimeSpan Now => _clock.GetElapsedTime(_origin);

    /// <summary>A front-end could not connect.</summary>
    public void Suspect() => Post(HealthMachine.Suspected);

    /// <summary>Intervals, thresholds or the target changed.</summary>
    /// <param name="settings">Intervals and thresholds.</param>
    /// <param name="target">What to probe.</param>
    public void Reconfigure(ActiveHealthDefinition settings, HttpProbeTarget target) => Post((state, _, now, random) =>
    {
        (_settings, _target) = (settings, target);
        return HealthMachine.Reconfigured(state, settings, now, random);
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
        var step = input(_state, _settings, Now, _random.NextDouble());
        Volatile.Write(ref _state, step.Next);
        _observer(step);
        foreach (var order in step.Probes) _ = order.FromOtherSilo ? AskWitnesses(order.Id, stop) : ProbeHere(order.Id, stop);
    }

    private async Task ProbeHere(long id, CancellationToken stop)
    {
        try
        {
            var outcome = await _probe.Run(_target, stop);
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
            var outcome = await _witnesses.ProbeElsewhere(_target, stop);

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
