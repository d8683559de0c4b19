using OrleansLb.Core.Health;
using OrleansLb.Core.Snapshots;

namespace OrleansLb.Core.Tests.Health;

/// <summary>Runs a machine against a backend and probers whose behaviour is a function of time, on simulated time.</summary>
internal sealed class MonitorSimulation
{
    private readonly PriorityQueue<Action, (TimeSpan At, int Order)> _events = new();
    private readonly Random _random;
    private int _order;

    public MonitorSimulation(ActiveHealthDefinition settings, int seed, HealthVerdict? held = null)
    {
        Settings = settings;
        _random = new Random(seed);
        State = HealthMachine.Start(held ?? HealthVerdict.Unknown, settings, TimeSpan.Zero, _random.NextDouble());
    }

    public ActiveHealthDefinition Settings { get; private set; }

    public HealthState State { get; private set; }

    public TimeSpan Now { get; private set; }

    /// <summary>How a probe from the own silo that starts at a time ends.</summary>
    public Func<TimeSpan, ProbeOutcome> Own { get; set; } = _ => Answers.Good;

    /// <summary>How a probe from another silo ends; null: it never reports.</summary>
    public Func<TimeSpan, ProbeOutcome?> Other { get; set; } = _ => Answers.Good;

    /// <summary>How a deep check that starts at a time ends.</summary>
    public Func<TimeSpan, ProbeOutcome> Deep { get; set; } = _ => Answers.Good;

    public bool HasOtherSilo { get; set; } = true;

    public List<(TimeSpan At, HealthChange Change)> Changes { get; } = [];

    public List<TimeSpan> Probes { get; } = [];

    public List<TimeSpan> DeepChecks { get; } = [];

    public void At(TimeSpan at, Action action) => _events.Enqueue(action, (at, _order++));

    public void Suspect() => Apply(HealthMachine.Suspected(State, Settings, Now, _random.NextDouble()));

    public void Reconfigure(ActiveHealthDefinition settings)
    {
        Settings = settings;
        Apply(HealthMachine.Reconfigured(State, settings, Now, _random.NextDouble()));
    }

    public void FrontendSucceeds(TimeSpan at) => State = HealthMachine.FrontendSucceeded(State, at);

    public void RunUntil(TimeSpan end)
    {
        while (NextAt <= end)
        {
            if (_events.TryPeek(out var action, out var priority) && priority.At <= State.Due)
            {
                _events.Dequeue();
                Now = priority.At;
                action();
            }
            else
            {
                Tick();
            }
        }

        Now = end;
    }

    private TimeSpan NextAt => _events.TryPeek(out _, out var priority) && priority.At < State.Due ? priority.At : State.Due;

    private void Tick()
    {
        if (State.Due > Now) Now = State.Due;
        Apply(HealthMachine.Tick(State, Settings, Now, _random.NextDouble()));
        Assert.True(State.Due > Now, $"after a tick at {Now} the next is due at {State.Due}");
    }

    private void Apply(HealthStep step)
    {
        State = step.Next;
        if (step.Change is { } change) Changes.Add((Now, change));
        foreach (var order in step.Probes) Run(order);
    }

    private void Run(ProbeOrder order)
    {
        if (order.Deep)
        {
            DeepChecks.Add(Now);
            Report(order.Id, Deep(Now), Settings.Deep!.Timeout);
        }
        else if (!order.FromOtherSilo)
        {
            Probes.Add(Now);
            Report(order.Id, Own(Now), Settings.Timeout);
        }
        else if (!HasOtherSilo)
        {
            At(Now, () => Apply(HealthMachine.NoOtherSilo(State, Settings, order.Id, Now, _random.NextDouble())));
        }
        else if (Other(Now) is { } outcome)
        {
            Report(order.Id, outcome, Settings.Timeout);
        }
    }

    private void Report(long id, ProbeOutcome outcome, TimeSpan timeout)
    {
        var duration = outcome.Kind == ProbeOutcomeKind.TimedOut ? timeout : outcome.Duration;
        At(Now + duration, () => Apply(HealthMachine.ProbeCompleted(State, Settings, id, outcome, Now, _random.NextDouble())));
    }
}
