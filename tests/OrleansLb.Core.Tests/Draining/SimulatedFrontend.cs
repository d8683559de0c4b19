using OrleansLb.Core.Draining;

namespace OrleansLb.Core.Tests.Draining;

/// <summary>One front-end of a <see cref="DrainSimulation"/>.</summary>
internal sealed class SimulatedFrontend(string id)
{
    private TimeSpan? _closesAt;

    public string Id { get; } = id;

    public int InFlight { get; set; }

    public long Arrivals { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>When it could learn of anything at the earliest.</summary>
    public TimeSpan LearnsAt { get; init; }

    /// <summary>When requests that have chosen the backend will be counted.</summary>
    public List<TimeSpan> OnTheirWay { get; } = [];

    public FrontendDrain Report() => new(Id, true, InFlight, 0, Arrivals, IsClosed);

    /// <summary>Learns, late, that the backend is closed.</summary>
    /// <returns>Whether it learns it now.</returns>
    public bool Learns(TimeSpan now, TimeSpan delay)
    {
        _closesAt ??= now + delay;
        var learns = !IsClosed && now >= _closesAt && now >= LearnsAt;
        IsClosed |= learns;
        return learns;
    }

    public void Arrive(TimeSpan now)
    {
        var arrived = OnTheirWay.RemoveAll(at => at <= now);
        InFlight += arrived;
        Arrivals += arrived;
    }
}
