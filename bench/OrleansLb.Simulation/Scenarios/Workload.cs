using OrleansLb.Core.Balancing;

namespace OrleansLb.Simulation.Scenarios;

/// <summary>
/// The requests of a run. They are drawn apart from everything else, so that every policy meets the same ones: what differs
/// between two runs of a seed is the policy's doing.
/// </summary>
internal sealed class Workload(Scenario scenario, ulong seed)
{
    private readonly double _fastestRate = scenario.ArrivalRate * scenario.Arrivals.Factor / scenario.ServiceSeconds;
    private PickRandom _random = new(seed);
    private double _now;
    private double _turnsAt;
    private bool _bursting = true;

    /// <summary>When the next request arrives, in seconds.</summary>
    public double NextArrival()
    {
        // Candidates come at the fastest rate; where the rate is lower only a share of them are requests.
        do
        {
            _now += Exponential() / _fastestRate;
            Turn();
        }
        while (!scenario.Arrivals.IsSteady && !_bursting && _random.NextDouble() * scenario.Arrivals.Factor >= scenario.Arrivals.Lull);
        return _now;
    }

    /// <summary>The front-end that the request's client talks to.</summary>
    public int NextFrontend() => _random.Next(scenario.Frontends);

    /// <summary>Its work in seconds.</summary>
    public double NextWork() => scenario.Service.Draw(ref _random) * scenario.ServiceSeconds;

    /// <summary>Its key.</summary>
    public ulong NextKey() => (ulong)(_random.NextDouble() * (1UL << 53));

    private void Turn()
    {
        if (scenario.Arrivals.IsSteady)
            return;
        while (_now >= _turnsAt)
        {
            _bursting = !_bursting;
            var share = _bursting ? scenario.Arrivals.Share : 1 - scenario.Arrivals.Share;
            _turnsAt += Exponential() * share * scenario.Arrivals.Period * scenario.ServiceSeconds;
        }
    }

    private double Exponential() => -Math.Log(1 - _random.NextDouble());
}
