using OrleansLb.Core.Balancing.Exchange;
using OrleansLb.Core.Draining;

namespace OrleansLb.Core.Tests.Draining;

/// <summary>
/// A pool that drains one backend behind a few front-ends. News reach front-ends late, requests are on their way for a while between the
/// choice of the backend and their being counted, and front-ends fall silent, join and leave.
/// </summary>
internal sealed class DrainSimulation
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestWay = DrainMachine.Confirmation - TimeSpan.FromMilliseconds(1);

    private readonly Random _random;
    private readonly bool _keepsSessions;
    private readonly List<SimulatedFrontend> _frontends = [];

    // One request in so many steps of 20 ms, and an end to one in flight in so many.
    private readonly int _arrivalSteps;
    private readonly int _serviceSteps;

    public DrainSimulation(int seed, bool keepsSessions)
    {
        _random = new Random(seed);
        _keepsSessions = keepsSessions;
        (_arrivalSteps, _serviceSteps) = (_random.Next(10, 300), _random.Next(2) == 0 ? 10 : 2000);
        State = DrainMachine.Start(DrainPhase.Finishing, Timeout, Timeout, keepsSessions, TimeSpan.Zero);
        for (var i = _random.Next(1, 5); i > 0; i--)
            Join();
    }

    public TimeSpan Now { get; private set; }

    public DrainState State { get; private set; }

    /// <summary>Whether anything is at the backend or on its way to it, whoever knows of it.</summary>
    public bool IsAnythingThere => _frontends.Any(static frontend => frontend.InFlight > 0 || frontend.OnTheirWay.Count > 0);

    public IReadOnlyList<SimulatedFrontend> Frontends => _frontends;

    /// <summary>Lets a while pass, and takes a census.</summary>
    public DrainState Step()
    {
        for (var until = Now + TimeSpan.FromMilliseconds(_random.Next(50, 1500)); Now < until; Now += TimeSpan.FromMilliseconds(20))
            Pass();
        var answers = _frontends.Select(frontend => _random.Next(10) == 0 ? FrontendDrain.Silent(frontend.Id) : frontend.Report()).ToArray();
        var everybody = _random.Next(10) > 0;
        var known = everybody ? answers : answers[..^1];
        var total = new LoadEntry(new BackendKey(1), known.Sum(static answer => answer.Requests), 0);
        State = DrainMachine.Advance(State, DrainCensus.Of(everybody, total, known), Now);
        if (State.CutsOff)
            _frontends.Where(_ => _random.Next(3) > 0).ToList().ForEach(static frontend => frontend.InFlight = 0);
        return State;
    }

    /// <summary>The pool loses its memory, and another watches with what was stored.</summary>
    public void Restart(TimeSpan deadline) =>
        State = DrainMachine.Start(DrainPhase.Finishing, deadline - Now, Timeout, _keepsSessions, Now);

    private void Join() => _frontends.Add(new SimulatedFrontend($"fe-{_frontends.Count}") { InFlight = _random.Next(3), LearnsAt = Now + TimeSpan.FromMilliseconds(_random.Next(2000)) });

    private void Pass()
    {
        if (_random.Next(500) == 0 && _frontends.Count < 6 && State.Phase == DrainPhase.Finishing)
            Join();
        foreach (var frontend in _frontends)
        {
            var isLast = State.Phase != DrainPhase.Finishing && frontend.Learns(Now, TimeSpan.FromMilliseconds(_random.Next(2000)));
            // The most awkward moment of all is the one before it learns.
            if ((isLast || !frontend.IsClosed) && _keepsSessions && _random.Next(isLast ? 2 : _arrivalSteps) == 0)
                frontend.OnTheirWay.Add(Now + (LongestWay * _random.NextDouble()));
            frontend.Arrive(Now);
            if (frontend.InFlight > 0 && _random.Next(_serviceSteps) == 0)
                frontend.InFlight--;
        }
    }
}
